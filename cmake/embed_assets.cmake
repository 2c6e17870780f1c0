# cmake -DOUT=file.cpp -DASSETS=a;b -P: the files as bytes in a table, so that the binary needs nothing beside it.
set(rows "")
set(arrays "")
set(index 0)
foreach(asset ${ASSETS})
  get_filename_component(name ${asset} NAME)
  file(READ ${asset} hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${hex}")
  string(APPEND arrays "constexpr char kAsset${index}[] = {${bytes} '\\0'};\n")
  string(APPEND rows "    {\"${name}\", {kAsset${index}, sizeof(kAsset${index}) - 1}},\n")
  math(EXPR index "${index} + 1")
endforeach()
file(WRITE ${OUT} "// Made by cmake/embed_assets.cmake.
#include \"runtime/server/console/assets.h\"

namespace remit::console {
namespace {
${arrays}
constexpr Asset kAssets[] = {
${rows}};
}  // namespace

auto Assets() -> std::span<const Asset> { return kAssets; }

}  // namespace remit::console
")
