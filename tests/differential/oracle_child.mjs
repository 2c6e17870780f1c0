// Cedar's side as a process of its own: a question a message, a verdict a message, in order. See oracle.mjs.
import { judge, OracleCrash, version } from './cedar.mjs';

process.send({ version: version() });

process.on('message', (question) => {
  try {
    process.send({ verdict: judge(question) });
  } catch (error) {
    if (!(error instanceof OracleCrash)) throw error;
    process.send({ crash: error.message }, () => process.exit(1));
  }
});

process.on('disconnect', () => process.exit(0));
