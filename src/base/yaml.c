/* SPDX-License-Identifier: BSD-3-Clause */
/* Our own pass over libyaml events. PETSc's reader keeps no lines, lets the last duplicate win and
   reads a missing value as 0; here each of these is refused with file:line. */
#include "yaml_case.h"
#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

enum { MAX_KEY = 2 * EDDY_MAX_NAME, MAX_DEPTH = 16 };

typedef struct {
  yaml_parser_t yaml;
  const char *label, *text;
  EddyYamlCase *out;
} Reader;

static PetscBool Fail(Reader *r, int line, const char *format, ...) PETSC_ATTRIBUTE_FORMAT(3, 4);
static PetscBool Fail(Reader *r, int line, const char *format, ...)
{
  char *error = r->out->error;
  const size_t size = sizeof r->out->error;
  va_list args;

  const int used = snprintf(error, size, "%.*s:%d: ", EDDY_MAX_PATH / 2, r->label, line);
  va_start(args, format);
  vsnprintf(error + used, size - (size_t)used, format, args);
  va_end(args);
  return PETSC_FALSE;
}

static int LineOf(const yaml_event_t *e) { return (int)e->start_mark.line + 1; }

/* Whether line number `line` of the text is indented with a tab. */
static PetscBool HasTab(const char *text, int line)
{
  for (int l = 1; l < line && text; ++l)
    text = strchr(text, '\n') ? strchr(text, '\n') + 1 : NULL;
  if (!text)
    return PETSC_FALSE;
  return text[strspn(text, " ")] == '\t' ? PETSC_TRUE : PETSC_FALSE;
}

static PetscBool SyntaxError(Reader *r)
{
  const yaml_parser_t *y = &r->yaml;
  int line = (int)y->problem_mark.line + 1;
  char context[160] = "";

  if (y->error == YAML_MEMORY_ERROR)
    return Fail(r, line, "out of memory");
  if (y->error == YAML_READER_ERROR) {
    line = 1;
    for (size_t i = 0; i < y->problem_offset && r->text[i]; ++i)
      line += r->text[i] == '\n';
  }
  if (HasTab(r->text, line))
    return Fail(r, line, "YAML syntax: a tab indents this line (use blanks)");
  if (y->context)
    snprintf(context, sizeof context, " %s that starts at line %d", y->context,
             (int)y->context_mark.line + 1);
  return Fail(r, line, "YAML syntax: %s%s", y->problem ? y->problem : "cannot be read", context);
}

/* Next event; refuses what a case may not hold. */
static PetscBool Next(Reader *r, yaml_event_t *e)
{
  if (!yaml_parser_parse(&r->yaml, e))
    return SyntaxError(r);
  const unsigned char *anchor = NULL, *tag = NULL;
  if (e->type == YAML_SCALAR_EVENT)
    anchor = e->data.scalar.anchor, tag = e->data.scalar.tag;
  if (e->type == YAML_SEQUENCE_START_EVENT)
    anchor = e->data.sequence_start.anchor, tag = e->data.sequence_start.tag;
  if (e->type == YAML_MAPPING_START_EVENT)
    anchor = e->data.mapping_start.anchor, tag = e->data.mapping_start.tag;
  if (e->type == YAML_ALIAS_EVENT)
    Fail(r, LineOf(e), "aliases (*%s) are not allowed in a case: write the value",
         (const char *)e->data.alias.anchor);
  else if (anchor)
    Fail(r, LineOf(e), "anchors (&%s) are not allowed in a case: write the value where it is used",
         (const char *)anchor);
  else if (tag)
    Fail(r, LineOf(e), "tags (%s) are not allowed in a case", (const char *)tag);
  if (!r->out->error[0])
    return PETSC_TRUE;
  yaml_event_delete(e);
  return PETSC_FALSE;
}

/* Appends an entry after a look for its key among those before. value is kept. */
static PetscBool Add(Reader *r, const char *key, char *value, int line)
{
  EddyYamlCase *c = r->out;

  for (int i = 0; i < c->n; ++i)
    if (!strcasecmp(c->entry[i].key, key)) {
      free(value);
      return Fail(r, line, "%s: given twice, first at line %d%s", key, c->entry[i].line,
                  strcmp(c->entry[i].key, key) ? " (keys ignore case)" : "");
    }
  if (c->n == c->max) {
    c->max = c->max ? 2 * c->max : 64;
    EddyYamlEntry *larger = realloc(c->entry, (size_t)c->max * sizeof *larger);
    if (!larger)
      abort();
    c->entry = larger;
  }
  c->entry[c->n++] = (EddyYamlEntry){strdup(key), value, line};
  return PETSC_TRUE;
}

/* A plain empty scalar, ~ or null. */
static PetscBool IsMissing(const yaml_event_t *e)
{
  const char *v = (const char *)e->data.scalar.value;
  if (e->data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
    return PETSC_FALSE;
  return (!*v || !strcmp(v, "~") || !strcasecmp(v, "null")) ? PETSC_TRUE : PETSC_FALSE;
}

/* Entries of a list joined by ','. */
static PetscBool ReadList(Reader *r, const char *key, int line)
{
  size_t used = 0;
  char *joined = strdup("");

  for (int n = 0;; ++n) {
    yaml_event_t e;
    if (!Next(r, &e))
      break;
    const yaml_event_type_t type = e.type;
    const char *item = type == YAML_SCALAR_EVENT ? (const char *)e.data.scalar.value : "";
    PetscBool ok = PETSC_TRUE;
    if (type == YAML_MAPPING_START_EVENT)
      ok = Fail(r, LineOf(&e),
                "%s: a list of maps is not allowed: name the entries in a list and give each a map",
                key);
    else if (type == YAML_SEQUENCE_START_EVENT)
      ok = Fail(r, LineOf(&e), "%s: a list inside a list is not allowed", key);
    else if (type == YAML_SCALAR_EVENT && (IsMissing(&e) || !*item))
      ok = Fail(r, LineOf(&e), "%s: entry %d of the list has no value", key, n + 1);
    else if (strchr(item, ','))
      ok = Fail(r, LineOf(&e), "%s: an entry of a list may not hold a comma ('%s')", key, item);
    if (ok && type == YAML_SCALAR_EVENT) {
      const size_t len = strlen(item);
      joined = realloc(joined, used + len + 2);
      if (!joined)
        abort();
      if (n)
        joined[used++] = ',';
      memcpy(joined + used, item, len + 1);
      used += len;
    }
    yaml_event_delete(&e);
    if (!ok)
      break;
    if (type == YAML_SEQUENCE_END_EVENT)
      return Add(r, key, joined, line);
  }
  free(joined);
  return PETSC_FALSE;
}

static PetscBool ReadMap(Reader *r, const char *prefix, int depth);

static PetscBool ReadValue(Reader *r, const char *key, int line, int depth)
{
  yaml_event_t e;

  if (!Next(r, &e))
    return PETSC_FALSE;
  const yaml_event_type_t type = e.type;
  PetscBool ok = PETSC_TRUE;
  if (type == YAML_SCALAR_EVENT) {
    if (IsMissing(&e))
      ok = Fail(r, line, "%s: the value is missing", key);
    else
      ok = Add(r, key, strdup((const char *)e.data.scalar.value), line);
  }
  yaml_event_delete(&e);
  if (type == YAML_SEQUENCE_START_EVENT)
    ok = ReadList(r, key, line);
  if (type == YAML_MAPPING_START_EVENT)
    ok = Add(r, key, NULL, line) && ReadMap(r, key, depth + 1) ? PETSC_TRUE : PETSC_FALSE;
  return ok;
}

/* prefix_word, checked. */
static PetscBool MakeKey(Reader *r, const char *prefix, const yaml_event_t *e, char key[MAX_KEY])
{
  const int line = LineOf(e);

  if (e->type != YAML_SCALAR_EVENT)
    return Fail(r, line, "%s%sa key must be a word", prefix, *prefix ? ": " : "");
  const char *word = (const char *)e->data.scalar.value;
  if (!*word)
    return Fail(r, line, "%s%san empty key", prefix, *prefix ? ": " : "");
  for (const char *s = word; *s; ++s)
    if (!isalnum((unsigned char)*s) && !strchr("_-.", *s))
      return Fail(r, line,
                  "%s%s'%.60s' is not a key (letters, digits, '_'; is a ':' or a quote missing or "
                  "too many?)",
                  prefix, *prefix ? ": " : "", word);
  if (!*prefix && !isalpha((unsigned char)*word))
    return Fail(r, line, "'%.60s' is not a block of a case (it must begin with a letter)", word);
  if (snprintf(key, MAX_KEY, "%s%s%s", prefix, *prefix ? "_" : "", word) >= MAX_KEY)
    return Fail(r, line, "%.60s...: the key is too long (allowed: %d letters)", key, MAX_KEY - 1);
  return PETSC_TRUE;
}

static PetscBool ReadMap(Reader *r, const char *prefix, int depth)
{
  for (;;) {
    yaml_event_t e;
    char key[MAX_KEY];
    if (!Next(r, &e))
      return PETSC_FALSE;
    const int line = LineOf(&e);
    if (e.type == YAML_MAPPING_END_EVENT) {
      yaml_event_delete(&e);
      return PETSC_TRUE;
    }
    const PetscBool ok = MakeKey(r, prefix, &e, key);
    yaml_event_delete(&e);
    if (!ok)
      return PETSC_FALSE;
    if (depth > MAX_DEPTH)
      return Fail(r, line, "%s: nested too deeply", key);
    if (!ReadValue(r, key, line, depth))
      return PETSC_FALSE;
  }
}

static PetscBool ReadDocument(Reader *r)
{
  yaml_event_t e;
  yaml_event_type_t type;
  int line;

  for (int documents = 0;;) {
    if (!Next(r, &e))
      return PETSC_FALSE;
    type = e.type;
    line = LineOf(&e);
    yaml_event_delete(&e);
    if (type == YAML_DOCUMENT_START_EVENT && ++documents > 1)
      return Fail(r, line, "a second YAML document starts here (one case per file)");
    if (type == YAML_STREAM_START_EVENT || type == YAML_DOCUMENT_START_EVENT ||
        type == YAML_DOCUMENT_END_EVENT)
      continue;
    if (type == YAML_STREAM_END_EVENT)
      return documents ? PETSC_TRUE : Fail(r, line, "the case is empty");
    if (type == YAML_SEQUENCE_START_EVENT)
      return Fail(r, line, "a case is a map of blocks (mesh:, physics:, ...), not a list");
    if (type != YAML_MAPPING_START_EVENT)
      return Fail(r, line, "a case is a map of blocks (mesh:, physics:, ...), not a single value");
    if (!ReadMap(r, "", 0))
      return PETSC_FALSE;
  }
}

PetscBool EddyYamlRead(const char *label, const char *text, EddyYamlCase *c)
{
  Reader r = {.label = label, .text = text, .out = c};

  if (!yaml_parser_initialize(&r.yaml))
    abort();
  yaml_parser_set_input_string(&r.yaml, (const unsigned char *)text, strlen(text));
  const PetscBool ok = ReadDocument(&r);
  yaml_parser_delete(&r.yaml);
  return ok;
}

void EddyYamlFree(EddyYamlCase *c)
{
  for (int i = 0; i < c->n; ++i)
    free(c->entry[i].key), free(c->entry[i].value);
  free(c->entry);
  *c = (EddyYamlCase){0};
}
