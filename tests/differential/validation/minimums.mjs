export const kPairScale = 5000;
export const kSoundScale = 5000;
export const kPairMinimums = {};
export const kSoundMinimums = {};
