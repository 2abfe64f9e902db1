/* SPDX-License-Identifier: BSD-3-Clause */
/* After reading: unknown keys with the nearest name, the table of `check`, the resolved case as
 * YAML. */
#include "options_impl.h"
#include "parse.h"
#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

PetscBool EddyOptionsIsPetsc(const char *key)
{
  /* Blocks of PETSc's own options and single ones that its manual names. */
  static const char *const blocks[] = {"ksp_",
                                       "pc_",
                                       "snes_",
                                       "ts_",
                                       "tao_",
                                       "mat_",
                                       "vec_",
                                       "dm_",
                                       "sf_",
                                       "is_",
                                       "ao_",
                                       "vscat_",
                                       "log_",
                                       "options_",
                                       "malloc_",
                                       "on_error_",
                                       "memory_",
                                       "mg_",
                                       "sub_",
                                       "fieldsplit_",
                                       "fp_",
                                       "draw_",
                                       "viewer_",
                                       "random_",
                                       "petsc_",
                                       "info_",
                                       "debugger_",
                                       "saws_",
                                       "mpi_",
                                       "hdf5_",
                                       "object_",
                                       "error_output_",
                                       "splitreduction_",
                                       "checkfunctionlist",
                                       "petscpartitioner_",
                                       "petscspace_",
                                       "st_",
                                       "eps_"};
  static const char *const words[] = {"malloc",
                                      "info",
                                      "help",
                                      "h",
                                      "version",
                                      "citations",
                                      "skip_petscrc",
                                      "no_signal_handler",
                                      "start_in_debugger",
                                      "stop_for_debugger",
                                      "debug_terminal",
                                      "get_total_flops",
                                      "fp_trap",
                                      "nox",
                                      "display",
                                      "tmp",
                                      "shared_tmp",
                                      "not_shared_tmp",
                                      "check_pointer_intensity",
                                      "use_gpu_aware_mpi",
                                      "history"};

  for (size_t i = 0; i < sizeof blocks / sizeof *blocks; ++i)
    if (!strncasecmp(key, blocks[i], strlen(blocks[i])))
      return PETSC_TRUE;
  for (size_t i = 0; i < sizeof words / sizeof *words; ++i)
    if (!strcasecmp(key, words[i]))
      return PETSC_TRUE;
  return PETSC_FALSE;
}

PetscBool EddyOptionsIsPetscStart(const char *key)
{
  static const char *const starts[] = {"log_",
                                       "options_",
                                       "malloc",
                                       "on_error_",
                                       "memory_",
                                       "info",
                                       "help",
                                       "version",
                                       "fp_trap",
                                       "error_output_",
                                       "start_in_debugger",
                                       "stop_for_debugger",
                                       "debugger_",
                                       "saws_",
                                       "citations",
                                       "history"};

  for (size_t i = 0; i < sizeof starts / sizeof *starts; ++i)
    if (!strncasecmp(key, starts[i], strlen(starts[i])))
      return PETSC_TRUE;
  return PETSC_FALSE;
}

/* The word NAME of a pattern, NULL if it has none. */
static const char *Placeholder(const char *pattern)
{
  for (const char *s = pattern; (s = strstr(s, "NAME")); s += 4)
    if ((s == pattern || s[-1] == '_') && (s[4] == 0 || s[4] == '_'))
      return s;
  return NULL;
}

PetscBool EddyOptionsMatch(const char *pattern, const char *key, size_t *first, size_t *len)
{
  const char *name = Placeholder(pattern);

  *first = *len = 0;
  if (!name)
    return strcasecmp(pattern, key) ? PETSC_FALSE : PETSC_TRUE;
  const size_t head = (size_t)(name - pattern), tail = strlen(name + 4), total = strlen(key);
  if (total <= head + tail || strncasecmp(pattern, key, head) ||
      strcasecmp(name + 4, key + total - tail))
    return PETSC_FALSE;
  *first = head;
  *len = total - head - tail;
  return PETSC_TRUE;
}

/* k-th entry of the list that names the entries of pattern (output_NAME_every: output_list);
 * PETSC_FALSE after the last. */
static PetscBool ListEntry(EddyOptions o, const char *pattern, PetscInt k,
                           char entry[EDDY_MAX_NAME])
{
  const char *name = Placeholder(pattern);
  char list[2 * EDDY_MAX_NAME + 8];

  snprintf(list, sizeof list, "%.*slist", (int)(name - pattern), pattern);
  const EddyGiven *g = EddyOptionsFindGiven(o, list);
  if (!g)
    return PETSC_FALSE;
  const char *s = g->value;
  for (PetscInt i = 0;; ++i) {
    s += strspn(s, "[], \t");
    const size_t len = strcspn(s, "[], \t");
    if (!len || len >= EDDY_MAX_NAME)
      return PETSC_FALSE;
    if (i == k) {
      memcpy(entry, s, len);
      entry[len] = 0;
      return PETSC_TRUE;
    }
    s += len;
  }
}

typedef struct {
  char key[3 * EDDY_MAX_NAME];
  const char *what;
  double score;
} Suggestion;

/* Words of a text that look alike: least distance of any word of `what` to `word`, 100 if none is
 * near. */
static int NearestWord(const char *word, const char *what)
{
  const size_t len = strlen(word);
  int best = 100;

  if (len < 4)
    return best;
  for (const char *s = what; *s;) {
    char one[32];
    const size_t n = strcspn(s, " ,;:()[]/=-");
    if (n >= 4 && n < sizeof one) {
      memcpy(one, s, n);
      one[n] = 0;
      int d = EddyEditDistance(word, one);
      if (!strncasecmp(word, one, len))
        d = PetscMin(d, 1);
      if (d <= (int)len / 3)
        best = PetscMin(best, d);
    }
    s += n;
    s += strspn(s, " ,;:()[]/=-");
  }
  return best;
}

/* How badly `known`, described by `what`, answers for the unknown key; 100 if not at all. */
static double Score(const char *key, const char *known, const char *what)
{
  const char *block = strchr(key, '_'), *other = strchr(known, '_');
  const char *tail = block ? block + 1 : key, *known_tail = other ? other + 1 : known;
  const PetscBool same_block = (block && other && block - key == other - known &&
                                !strncasecmp(key, known, (size_t)(block - key)))
                                   ? PETSC_TRUE
                                   : PETSC_FALSE;
  const int whole = EddyEditDistance(key, known), len = (int)strlen(tail);
  double best = 100;

  if (whole <= PetscMin(3, PetscMax(1, len / 2)))
    best = whole;
  if (same_block && len >= 3 && !strncasecmp(tail, known_tail, (size_t)len))
    best = PetscMin(best, 1.5);
  if (block && !strcasecmp(tail, known_tail) && len > 1)
    best = PetscMin(best, 3);
  const char *last = strrchr(key, '_');
  const int word = NearestWord(last ? last + 1 : key, what);
  if (word < 100)
    best = PetscMin(best, 1.2 + word + (same_block ? 0 : 2) + 0.001 * (double)strlen(what));
  return best;
}

static void Consider(const char *key, const char *known, const char *what, Suggestion *s)
{
  const double score = Score(key, known, what);

  if (score >= s->score)
    return;
  s->score = score;
  s->what = what;
  snprintf(s->key, sizeof s->key, "%s", known);
}

/* Every declaration of from as a candidate; patterns with the names of this case in place of NAME.
 */
static void Search(EddyOptions o, EddyOptions from, const char *key, Suggestion *s)
{
  for (PetscInt i = 0; i < from->ndeclared; ++i) {
    const EddyDeclared *d = &from->declared[i];
    const char *name = Placeholder(d->key);
    if (!name) {
      Consider(key, d->key, d->what, s);
      continue;
    }
    char entry[EDDY_MAX_NAME], full[3 * EDDY_MAX_NAME];
    const int head = (int)(name - d->key);
    for (PetscInt k = 0; ListEntry(o, d->key, k, entry); ++k) {
      snprintf(full, sizeof full, "%.*s%s%s", head, d->key, entry, name + 4);
      Consider(key, full, d->what, s);
    }
    if (strncasecmp(key, d->key, (size_t)head) || !strchr(key + head, '_'))
      continue;
    /* the entry as written: its first word */
    snprintf(full, sizeof full, "%.*s%.*s%s", head, d->key, (int)strcspn(key + head, "_"),
             key + head, name + 4);
    Consider(key, full, d->what, s);
  }
}

/* Options of the block of key ("mesh_type mesh_n ..."), for an unknown key with nothing near. */
static void BlockOptions(EddyOptions o, EddyOptions catalogue, const char *key, char out[512])
{
  const size_t block = strcspn(key, "_");
  size_t used = 0;

  out[0] = 0;
  for (int pass = 0; pass < 2; ++pass) {
    EddyOptions from = pass ? catalogue : o;
    for (PetscInt i = 0; from && i < from->ndeclared; ++i) {
      const EddyDeclared *d = &from->declared[i];
      if (strncasecmp(d->key, key, block) || (d->key[block] != '_' && d->key[block]))
        continue;
      if (strstr(out, d->key) || (pass && EddyOptionsFindDeclared(o, d->key)) || used > 300)
        continue;
      used += (size_t)snprintf(out + used, 512 - used, "%s%s", used ? " " : "", d->key);
    }
  }
}

/* The entry that key belongs to is not listed but reads like one that is ("sett" for "set"). */
static PetscBool MisspeltEntry(EddyOptions o, const char *pattern, const char *key, size_t first,
                               size_t len, char near[EDDY_MAX_NAME])
{
  char entry[EDDY_MAX_NAME], best[EDDY_MAX_NAME] = "";
  char given[EDDY_MAX_NAME];

  if (!len || len >= EDDY_MAX_NAME)
    return PETSC_FALSE;
  memcpy(given, key + first, len);
  given[len] = 0;
  for (PetscInt k = 0; ListEntry(o, pattern, k, entry); ++k) {
    if (!strcasecmp(entry, given))
      return PETSC_FALSE;
    if (strlen(entry) >= 3 && EddyEditDistance(entry, given) <= 1)
      strcpy(best, entry);
  }
  strcpy(near, best);
  return best[0] ? PETSC_TRUE : PETSC_FALSE;
}

/* Known to the catalogue, under this or any other type. near names the list entry that was probably
 * meant. */
static PetscBool IsKnown(EddyOptions o, EddyOptions catalogue, const char *key,
                         char near[EDDY_MAX_NAME])
{
  PetscBool known = PETSC_FALSE;

  near[0] = 0;
  for (PetscInt i = 0; catalogue && i < catalogue->ndeclared; ++i) {
    size_t first, len;
    if (!EddyOptionsMatch(catalogue->declared[i].key, key, &first, &len))
      continue;
    known = PETSC_TRUE;
    if (!MisspeltEntry(o, catalogue->declared[i].key, key, first, len, near))
      return PETSC_TRUE;
  }
  return known;
}

/* An entry of a list that is nowhere given would be lost in silence (output: {set: {type: h5}} without list: [set]). */
static PetscErrorCode CheckListed(EddyOptions o, EddyOptions catalogue, const char *key)
{
  PetscFunctionBeginUser;
  for (PetscInt i = 0; catalogue && i < catalogue->ndeclared; ++i) {
    const char *pattern = catalogue->declared[i].key, *name = Placeholder(pattern);
    char list[3 * EDDY_MAX_NAME];
    size_t first, len;
    if (!name || !EddyOptionsMatch(pattern, key, &first, &len))
      continue;
    snprintf(list, sizeof list, "%.*slist", (int)first, key);
    if (EddyOptionsFindDeclared(catalogue, list) && !EddyOptionsFindGiven(o, list))
      PetscCall(EddyOptionsError(o, key, "no %s says that it is used: give %s: [%.*s]", list, list,
                                 (int)len, key + first));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Unknown(EddyOptions o, EddyOptions catalogue, const char *key)
{
  Suggestion s = {.score = 100};
  char others[512];

  PetscFunctionBeginUser;
  Search(o, o, key, &s);
  if (catalogue)
    Search(o, catalogue, key, &s);
  if (s.score < 100)
    PetscCall(EddyOptionsError(o, key, "unknown option; did you mean %s (%s)?", s.key, s.what));
  BlockOptions(o, catalogue, key, others);
  if (others[0])
    PetscCall(EddyOptionsError(o, key, "unknown option (this block has: %s)", others));
  PetscCall(EddyOptionsError(o, key, "unknown option (`eddyline info` lists all)"));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* ensemble_vary_KEY: KEY must be an option itself. */
static PetscErrorCode CheckVaried(EddyOptions o, EddyOptions catalogue, const EddyGiven *g)
{
  static const char prefix[] = "ensemble_vary_";
  const char *key = g->key + sizeof prefix - 1;
  char near[EDDY_MAX_NAME];
  Suggestion s = {.score = 100};

  PetscFunctionBeginUser;
  if (!catalogue || strncasecmp(g->key, prefix, sizeof prefix - 1))
    PetscFunctionReturn(PETSC_SUCCESS);
  if (EddyOptionsFindDeclared(o, key) || IsKnown(o, catalogue, key, near))
    PetscFunctionReturn(PETSC_SUCCESS);
  Search(o, o, key, &s);
  Search(o, catalogue, key, &s);
  if (s.score < 100)
    PetscCall(EddyOptionsError(o, g->key, "no option %s to vary; did you mean %s (%s)?", key, s.key,
                               s.what));
  PetscCall(EddyOptionsError(o, g->key, "no option %s to vary (`eddyline info` lists all)", key));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Raises for a key that nobody knows; *unused is true for one that this case has no use for. */
static PetscErrorCode CheckGiven(EddyOptions o, EddyOptions catalogue, const EddyGiven *g,
                                 PetscBool *unused)
{
  char near[EDDY_MAX_NAME];

  PetscFunctionBeginUser;
  *unused = PETSC_FALSE;
  PetscCall(CheckVaried(o, catalogue, g));
  const EddyDeclared *d = EddyOptionsFindDeclared(o, g->key);
  if (d) {
    *unused = (PetscBool)(d->idle && (!d->fallback || !d->value || strcmp(d->value, d->fallback)));
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  if (EddyOptionsIsPetsc(g->key)) {
    EddyOptionsCheck(g->from == EDDY_FROM_COMMAND || !EddyOptionsIsPetscStart(g->key), o, g->key,
                     "PETSc reads this when it starts: give it on the command line");
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  if (!IsKnown(o, catalogue, g->key, near))
    PetscCall(Unknown(o, catalogue, g->key));
  PetscCall(CheckListed(o, catalogue, g->key));
  EddyOptionsCheck(!near[0], o, g->key, "this entry is not in the list; did you mean '%s'?", near);
  *unused = PETSC_TRUE;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyOptionsFinish(EddyOptions o, EddyOptions catalogue)
{
  char note[512] = "";
  size_t used = 0;
  PetscInt more = 0;
  PetscMPIInt rank;

  PetscFunctionBeginUser;
  if (o->catalogue)
    PetscFunctionReturn(PETSC_SUCCESS);
  for (PetscInt i = 0; i < o->ngiven; ++i) {
    const EddyGiven *g = &o->given[i];
    PetscBool unused;
    PetscCall(CheckGiven(o, catalogue, g, &unused));
    if (unused && used > 300)
      ++more;
    else if (unused)
      used += (size_t)snprintf(note + used, sizeof note - used, "%s%s (%s)", used ? ", " : "",
                               g->key, g->origin);
  }
  PetscCallMPI(MPI_Comm_rank(o->comm, &rank));
  if (used && rank == 0) {
    fprintf(stderr, "eddyline: note: not used in this case: %s", note);
    if (more)
      fprintf(stderr, " and %" PetscInt_FMT " more", more);
    fprintf(stderr, "\n");
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyOptionsView(EddyOptions o, FILE *out)
{
  static const char *const head[] = {"option", "value", "unit", "allowed", "from"};
  int width[5];
  PetscMPIInt rank;

  PetscFunctionBeginUser;
  PetscCallMPI(MPI_Comm_rank(o->comm, &rank));
  if (rank)
    PetscFunctionReturn(PETSC_SUCCESS);
  for (int c = 0; c < 5; ++c)
    width[c] = (int)strlen(head[c]);
  for (int pass = 0; pass < 2; ++pass) {
    if (pass)
      fprintf(out, "%-*s  %-*s  %-*s  %-*s  %-*s  %s\n", width[0], head[0], width[1], head[1],
              width[2], head[2], width[3], head[3], width[4], head[4], "meaning");
    for (PetscInt i = 0; i < o->ndeclared; ++i) {
      const EddyDeclared *d = &o->declared[i];
      const char *cell[] = {d->key, d->value ? d->value : "-", d->unit, d->range, d->origin};
      for (int c = 0; c < 5 && !pass; ++c)
        width[c] = PetscMin(PetscMax(width[c], (int)strlen(cell[c])), 40);
      if (pass)
        fprintf(out, "%-*s  %-*s  %-*s  %-*s  %-*s  %s\n", width[0], cell[0], width[1], cell[1],
                width[2], cell[2], width[3], cell[3], width[4], cell[4], d->what);
    }
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Settings of this machine or this moment: they change no number of the solution and stay out of
 * the resolved case. */
static PetscBool IsLocal(const char *key)
{
  static const char *const words[] = {"output_dir",    "output_overwrite", "restart",
                                      "ensemble_rows", "time_walltime",    "simd"};

  for (size_t i = 0; i < sizeof words / sizeof *words; ++i)
    if (!strcasecmp(key, words[i]))
      return PETSC_TRUE;
  return strncasecmp(key, "log_", 4) ? PETSC_FALSE : PETSC_TRUE;
}

/* Quotes text that YAML would read as something else; needs 2 len + 3. */
static size_t Quote(const char *text, char *out)
{
  double v;
  const size_t len = strlen(text);
  const PetscBool list = (text[0] == '[' && text[len - 1] == ']') ? PETSC_TRUE : PETSC_FALSE;
  PetscBool plain = (len && (isalnum((unsigned char)text[0]) || strchr("./-+", text[0])))
                        ? PETSC_TRUE
                        : PETSC_FALSE;
  size_t n = 0;

  for (const char *s = text; *s && plain; ++s)
    if (!isalnum((unsigned char)*s) && !strchr("_./+-", *s))
      plain = PETSC_FALSE;
  if (!strcasecmp(text, "null") || (text[0] == '-' && EddyParseNumber(text, &v) != EDDY_NUMBER_OK))
    plain = PETSC_FALSE;
  if (plain || list) {
    memcpy(out, text, len + 1);
    return len;
  }
  out[n++] = '"';
  for (const char *s = text; *s; ++s) {
    if (strchr("\"\\\n\t\r", *s))
      out[n++] = '\\';
    out[n++] = *s == '\n' ? 'n' : *s == '\t' ? 't' : *s == '\r' ? 'r' : *s;
  }
  out[n++] = '"';
  out[n] = 0;
  return n;
}

static int CompareKeys(const void *a, const void *b)
{
  return strcmp((*(const EddyDeclared *const *)a)->key, (*(const EddyDeclared *const *)b)->key);
}

PetscErrorCode EddyOptionsToYAML(EddyOptions o, char **text)
{
  const EddyDeclared **sorted;
  size_t total = 1, used = 0;
  PetscInt n = 0;

  PetscFunctionBeginUser;
  PetscCall(PetscMalloc1(o->ndeclared + 1, &sorted));
  for (PetscInt i = 0; i < o->ndeclared; ++i) {
    const EddyDeclared *d = &o->declared[i];
    if (!d->value || IsLocal(d->key))
      continue;
    sorted[n++] = d;
    total += strlen(d->key) + 2 * strlen(d->value) + 8;
  }
  qsort(sorted, (size_t)n, sizeof *sorted, CompareKeys);
  PetscCall(PetscMalloc1(total, text));
  (*text)[0] = 0;
  for (PetscInt i = 0; i < n; ++i) {
    used += (size_t)snprintf(*text + used, total - used, "%s: ", sorted[i]->key);
    used += Quote(sorted[i]->value, *text + used);
    (*text)[used++] = '\n';
    (*text)[used] = 0;
  }
  PetscCall(PetscFree(sorted));
  PetscFunctionReturn(PETSC_SUCCESS);
}
