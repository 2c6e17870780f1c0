/* Decides requests on a bundle by the C API of the library without parser and compiler.
 *
 * usage: runtime_capi BUNDLE ENTITIES REQUESTS     prints a line `outcome policy..` for each request, then how many bodies were interpreted */
#include <stdio.h>
#include <stdlib.h>

#include "remit/remit.h"

static int failed(const remit_error *error) {
  const remit_string text = remit_error_text(error);
  fprintf(stderr, "%.*s", (int)text.size, text.data);
  return 2;
}

/* The whole file, to be freed; empty if there is none. */
static remit_string read_file(const char *path) {
  remit_string text = {NULL, 0};
  FILE *file = fopen(path, "rb");
  char *bytes = NULL;
  if (file == NULL) return text;
  fseek(file, 0, SEEK_END);
  text.size = (size_t)ftell(file);
  rewind(file);
  bytes = malloc(text.size + 1);
  if (bytes == NULL || fread(bytes, 1, text.size, file) != text.size) exit(2);
  fclose(file);
  text.data = bytes;
  return text;
}

static void print_decision(const remit_decision *decision) {
  const remit_string outcome = remit_outcome_name(remit_decision_outcome(decision));
  size_t i;
  printf("%.*s", (int)outcome.size, outcome.data);
  for (i = 0; i < remit_decision_determining_count(decision); ++i) {
    const remit_string id = remit_decision_determining(decision, i);
    printf(" %.*s", (int)id.size, id.data);
  }
  printf("\n");
}

static int decide_lines(remit_engine *engine, remit_string lines) {
  remit_error *error = NULL;
  remit_session *session = NULL;
  const char *line = lines.data;
  const char *end = lines.data + lines.size;
  if (remit_session_new(engine, &session, &error) != REMIT_OK) return failed(error);
  while (line < end) {
    const char *next = memchr(line, '\n', (size_t)(end - line));
    const remit_string json = {line, (size_t)((next == NULL ? end : next) - line)};
    const remit_decision *decision = NULL;
    if (remit_decide_json(session, json, NULL, &decision, &error) != REMIT_OK) return failed(error);
    print_decision(decision);
    line += json.size + 1;
  }
  printf("interpreted %lu\n", (unsigned long)remit_session_interpreted(session));
  remit_session_free(session);
  return 0;
}

int main(int argc, char **argv) {
  remit_error *error = NULL;
  remit_engine *engine = NULL;
  remit_sources *beside = NULL;
  remit_bundle_options options = REMIT_BUNDLE_OPTIONS_INIT;
  int result = 0;
  if (argc != 4) return fprintf(stderr, "usage: runtime_capi BUNDLE ENTITIES REQUESTS\n"), 2;
  if (remit_engine_new(NULL, &engine, &error) != REMIT_OK) return failed(error);
  if (remit_sources_new(&beside, &error) != REMIT_OK) return failed(error);
  if (remit_sources_add_entities(beside, remit_str(argv[2]), read_file(argv[2]), &error) != REMIT_OK) return failed(error);
  options.entities = beside;
  if (remit_engine_load_bundle_file(engine, remit_str(argv[1]), &options, &error) != REMIT_OK) return failed(error);
  result = decide_lines(engine, read_file(argv[3]));
  remit_sources_free(beside);
  remit_engine_free(engine);
  return result;
}
