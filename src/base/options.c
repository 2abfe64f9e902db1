/* SPDX-License-Identifier: BSD-3-Clause */
/* The table of values and declarations; readers are in options_read.c, unknown keys in
 * options_finish.c. */
#include "options_impl.h"
#include "parse.h"
#include "yaml_case.h"
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

PetscErrorCode EddyOptionsCreate(MPI_Comm comm, EddyOptions *o)
{
  PetscFunctionBeginUser;
  PetscCall(PetscNew(o));
  (*o)->comm = comm;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyOptionsDestroy(EddyOptions *o)
{
  PetscFunctionBeginUser;
  if (!*o)
    PetscFunctionReturn(PETSC_SUCCESS);
  for (PetscInt i = 0; i < (*o)->npool; ++i)
    free((*o)->pool[i]);
  free((*o)->pool);
  free((*o)->given);
  free((*o)->declared);
  PetscCall(PetscFree(*o));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Room for one more element. */
static PetscErrorCode Grow(PetscInt n, PetscInt *max, size_t size, void **array)
{
  PetscFunctionBeginUser;
  if (n < *max)
    PetscFunctionReturn(PETSC_SUCCESS);
  const PetscInt more = *max ? 2 * *max : 32;
  void *larger = realloc(*array, (size_t)more * size);
  PetscCheck(larger, PETSC_COMM_SELF, PETSC_ERR_MEM, "out of memory for options");
  *array = larger;
  *max = more;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyOptionsKeep(EddyOptions o, const char *text, const char **kept)
{
  PetscFunctionBeginUser;
  *kept = NULL;
  if (!text)
    PetscFunctionReturn(PETSC_SUCCESS);
  void *pool = o->pool;
  PetscCall(Grow(o->npool, &o->maxpool, sizeof *o->pool, &pool));
  o->pool = pool;
  char *copy = strdup(text);
  PetscCheck(copy, PETSC_COMM_SELF, PETSC_ERR_MEM, "out of memory for options");
  o->pool[o->npool++] = copy;
  *kept = copy;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyOptionsKeepKey(EddyOptions o, const char *text, const char **kept)
{
  PetscFunctionBeginUser;
  PetscCall(EddyOptionsKeep(o, text, kept));
  char *key = o->pool[o->npool - 1];
  for (char *word = key; *word;) {
    const size_t len = strcspn(word, "_");
    const PetscBool any =
        (o->catalogue && len == 4 && !strncmp(word, "NAME", 4)) ? PETSC_TRUE : PETSC_FALSE;
    for (size_t i = 0; i < len && !any; ++i)
      word[i] = (char)tolower((unsigned char)word[i]);
    word += len + (word[len] == '_');
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

EddyGiven *EddyOptionsFindGiven(EddyOptions o, const char *key)
{
  for (PetscInt i = 0; i < o->ngiven; ++i)
    if (!strcasecmp(o->given[i].key, key))
      return &o->given[i];
  return NULL;
}

EddyDeclared *EddyOptionsFindDeclared(EddyOptions o, const char *key)
{
  for (PetscInt i = 0; i < o->ndeclared; ++i)
    if (!strcasecmp(o->declared[i].key, key))
      return &o->declared[i];
  return NULL;
}

/* Hands the value to PETSc as well; its own options given to PETSc before stay as they are for a
 * file. */
static PetscErrorCode TellPetsc(const char *key, const char *value, EddyFrom from)
{
  char name[2 * EDDY_MAX_NAME + 2];
  PetscBool before = PETSC_FALSE;

  PetscFunctionBeginUser;
  PetscCall(PetscSNPrintf(name, sizeof name, "-%s", key));
  if (EddyOptionsIsPetscStart(key))
    PetscFunctionReturn(PETSC_SUCCESS); /* read already, from the command line */
  if (from == EDDY_FROM_FILE && EddyOptionsIsPetsc(key))
    PetscCall(PetscOptionsHasName(NULL, NULL, name, &before));
  if (!before)
    PetscCall(PetscOptionsSetValue(NULL, name, *value ? value : NULL));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyOptionsPut(EddyOptions o, const char *key, const char *value, const char *origin,
                              EddyFrom from, PetscBool bare)
{
  PetscFunctionBeginUser;
  EddyGiven *g = EddyOptionsFindGiven(o, key);
  if (g && g->from > from)
    PetscFunctionReturn(PETSC_SUCCESS);
  if (!g) {
    void *given = o->given;
    PetscCall(Grow(o->ngiven, &o->maxgiven, sizeof *o->given, &given));
    o->given = given;
    g = &o->given[o->ngiven++];
    PetscCall(EddyOptionsKeepKey(o, key, &g->key));
  }
  PetscCall(EddyOptionsKeep(o, value, &g->value));
  PetscCall(EddyOptionsKeep(o, origin, &g->origin));
  g->from = from;
  g->bare = bare;
  PetscCall(TellPetsc(g->key, g->value, from));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyOptionsDeclare(EddyOptions o, const EddyDeclared *d)
{
  EddyDeclared *e = EddyOptionsFindDeclared(o, d->key);

  PetscFunctionBeginUser;
  if (e && o->catalogue &&
      strcmp(e->what, d->what)) { /* other types may read the same key for other ends */
    e = NULL;
    for (PetscInt i = 0; i < o->ndeclared; ++i)
      if (!strcasecmp(o->declared[i].key, d->key) && !strcmp(o->declared[i].what, d->what))
        e = &o->declared[i];
  }
  if (!e) {
    void *declared = o->declared;
    PetscCall(Grow(o->ndeclared, &o->maxdeclared, sizeof *o->declared, &declared));
    o->declared = declared;
    e = &o->declared[o->ndeclared++];
    PetscCall(EddyOptionsKeepKey(o, d->key, &e->key));
  }
  PetscCall(EddyOptionsKeep(o, d->what, &e->what));
  PetscCall(EddyOptionsKeep(o, d->unit, &e->unit));
  PetscCall(EddyOptionsKeep(o, d->value, &e->value));
  PetscCall(EddyOptionsKeep(o, d->fallback, &e->fallback));
  PetscCall(EddyOptionsKeep(o, d->range, &e->range));
  PetscCall(EddyOptionsKeep(o, d->origin, &e->origin));
  e->idle = d->idle;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyOptionsReadable(EddyOptions o, const char *key, const char *path)
{
  PetscFunctionBeginUser;
  EddyOptionsCheck(!access(path, R_OK), o, key,
                   "%s: %s (paths count from the folder the program is started in)", path,
                   strerror(errno));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyOptionsIdle(EddyOptions o, PetscBool idle, const char *keys)
{
  char key[3 * EDDY_MAX_NAME];
  PetscFunctionBeginUser;
  for (const char *s = keys; *s;) {
    const size_t n = strcspn(s, " ");
    snprintf(key, sizeof key, "%.*s", (int)n, s);
    EddyDeclared *d = EddyOptionsFindDeclared(o, key);
    EddyAssert(d, PETSC_COMM_SELF, "option %s is not read", key);
    d->idle = idle;
    s += n + (s[n] == ' ');
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscBool EddyOptionsGetDeclared(EddyOptions o, PetscInt k, EddyDeclared *d)
{
  if (k < 0 || k >= o->ndeclared)
    return PETSC_FALSE;
  *d = o->declared[k];
  return PETSC_TRUE;
}

PetscErrorCode EddyOptionsDuplicate(EddyOptions o, MPI_Comm comm, EddyOptions *copy)
{
  PetscFunctionBeginUser;
  PetscCall(EddyOptionsCreate(comm, copy));
  (*copy)->catalogue = o->catalogue;
  PetscCall(PetscStrncpy((*copy)->label, o->label, sizeof o->label));
  for (PetscInt i = 0; i < o->ngiven; ++i) {
    const EddyGiven *g = &o->given[i];
    PetscCall(EddyOptionsPut(*copy, g->key, g->value, g->origin, g->from, g->bare));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Contents of a file on every rank of comm; the same error on every rank. */
static PetscErrorCode ReadWhole(MPI_Comm comm, const char *path, char **text)
{
  enum { LIMIT = 1 << 24 }; /* 16 MB: no case is that long */
  int info[2] = {0, 0};     /* errno, bytes */
  PetscMPIInt rank;

  PetscFunctionBeginUser;
  *text = NULL;
  PetscCallMPI(MPI_Comm_rank(comm, &rank));
  if (rank == 0) {
    errno = 0;
    FILE *f = fopen(path, "rb");
    char *buffer = f ? malloc(LIMIT + 1) : NULL;
    if (buffer)
      info[1] = (int)fread(buffer, 1, LIMIT + 1, f);
    if (!buffer || ferror(f))
      info[0] = errno ? errno : EIO;
    if (f)
      fclose(f);
    *text = buffer;
  }
  PetscCallMPI(MPI_Bcast(info, 2, MPI_INT, 0, comm));
  if (info[0] || info[1] > LIMIT) {
    free(*text);
    *text = NULL;
    PetscCheck(!info[0], comm, EDDY_ERR_INPUT, "%s: the case file cannot be read: %s", path,
               strerror(info[0]));
    SETERRQ(comm, EDDY_ERR_INPUT, "%s: too long for a case file (allowed: up to 16 MB of YAML)",
            path);
  }
  char *whole = realloc(*text, (size_t)info[1] + 1);
  PetscCheck(whole, PETSC_COMM_SELF, PETSC_ERR_MEM, "out of memory for %s", path);
  PetscCallMPI(MPI_Bcast(whole, info[1], MPI_CHAR, 0, comm));
  whole[info[1]] = 0;
  PetscCheck(strlen(whole) == (size_t)info[1], comm, EDDY_ERR_INPUT,
             "%s: not a text file (a case is YAML)", path);
  *text = whole;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyOptionsInsertFile(EddyOptions o, const char *path)
{
  char *text;

  PetscFunctionBeginUser;
  PetscCall(ReadWhole(o->comm, path, &text));
  const PetscErrorCode ierr = EddyOptionsInsertText(o, path, text);
  free(text);
  PetscCall(ierr);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyOptionsInsertText(EddyOptions o, const char *label, const char *text)
{
  EddyYamlCase c = {0};

  PetscFunctionBeginUser;
  if (!o->label[0])
    PetscCall(PetscStrncpy(o->label, label, sizeof o->label));
  const PetscBool ok = EddyYamlRead(label, text, &c);
  PetscErrorCode ierr = PETSC_SUCCESS;
  for (int i = 0; ok && i < c.n && !ierr; ++i) {
    char origin[EDDY_MAX_PATH + 16];
    snprintf(origin, sizeof origin, "%s:%d", label, c.entry[i].line);
    if (c.entry[i].value)
      ierr =
          EddyOptionsPut(o, c.entry[i].key, c.entry[i].value, origin, EDDY_FROM_FILE, PETSC_FALSE);
  }
  char error[sizeof c.error];
  memcpy(error, c.error, sizeof error);
  EddyYamlFree(&c);
  PetscCall(ierr);
  PetscCheck(ok, o->comm, EDDY_ERR_INPUT, "%s", error);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyOptionsInsertArgs(EddyOptions o, int argc, char *const argv[])
{
  PetscInt extra = 0;
  const char *positional[1];

  PetscFunctionBeginUser;
  PetscCall(EddyArgsSplit(o, argc, argv, 0, positional, &extra));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyArgsSplit(EddyOptions o, int argc, char *const argv[], PetscInt max,
                             const char *positional[], PetscInt *n)
{
  PetscFunctionBeginUser;
  *n = 0;
  for (int i = 0; i < argc; ++i) {
    if (!EddyArgIsOption(argv[i])) {
      PetscCheck(*n < max, o->comm, EDDY_ERR_INPUT,
                 "command line: %s: unexpected argument (options are written -key value)", argv[i]);
      positional[(*n)++] = argv[i];
      continue;
    }
    const char *word = argv[i] + (argv[i][1] == '-' ? 2 : 1);
    const size_t len = strcspn(word, "=");
    char key[2 * EDDY_MAX_NAME];
    PetscCheck(len < sizeof key, o->comm, EDDY_ERR_INPUT,
               "command line: %.40s...: too long for an option", argv[i]);
    memcpy(key, word, len);
    key[len] = 0;
    const char *value = "";
    PetscBool bare = PETSC_FALSE;
    if (word[len] == '=')
      value = word + len + 1;
    else if (i + 1 < argc && !EddyArgIsOption(argv[i + 1]))
      value = argv[++i];
    else
      bare = PETSC_TRUE;
    PetscCall(EddyOptionsPut(o, key, value, "command line", EDDY_FROM_COMMAND, bare));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyOptionsSet(EddyOptions o, const char *key, const char *value, const char *origin)
{
  PetscFunctionBeginUser;
  PetscCall(EddyOptionsPut(o, key, value, origin, EDDY_FROM_OVERRIDE, PETSC_FALSE));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyOptionsGetRaw(EddyOptions o, const char *key, const char **value)
{
  const EddyGiven *g = EddyOptionsFindGiven(o, key);

  PetscFunctionBeginUser;
  *value = g ? g->value : NULL;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyOptionsGetKey(EddyOptions o, const char *prefix, PetscInt k, const char **key)
{
  const size_t len = strlen(prefix);

  PetscFunctionBeginUser;
  *key = NULL;
  for (PetscInt i = 0; i < o->ngiven && !*key; ++i)
    if (!strncasecmp(o->given[i].key, prefix, len) && k-- == 0)
      *key = o->given[i].key;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyOptionsGetOrigin(EddyOptions o, const char *key, const char **origin)
{
  const EddyGiven *g = EddyOptionsFindGiven(o, key);

  PetscFunctionBeginUser;
  *origin = g ? g->origin : "default";
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyOptionsSetCatalogue(EddyOptions o, PetscBool flag)
{
  PetscFunctionBeginUser;
  o->catalogue = flag;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyOptionsIsCatalogue(EddyOptions o, PetscBool *flag)
{
  PetscFunctionBeginUser;
  *flag = o->catalogue;
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* A key that was given, that nobody has read and that differs from `key` in one or two letters. */
static const EddyGiven *Misspelt(EddyOptions o, const char *key)
{
  for (PetscInt i = 0; i < o->ngiven; ++i)
    if (EddyEditDistance(o->given[i].key, key) <= 2 && !EddyOptionsFindDeclared(o, o->given[i].key))
      return &o->given[i];
  return NULL;
}

PetscErrorCode EddyOptionsError(EddyOptions o, const char *key, const char *format, ...)
{
  char message[1024], near[256] = "";
  va_list args;

  PetscFunctionBeginUser;
  if (o->catalogue)
    PetscFunctionReturn(PETSC_SUCCESS);
  va_start(args, format);
  vsnprintf(message, sizeof message, format, args);
  va_end(args);
  const EddyGiven *g = EddyOptionsFindGiven(o, key);
  const EddyGiven *m = g ? NULL : Misspelt(o, key);
  if (m)
    snprintf(near, sizeof near, "; is %s (%s) meant to be it?", m->key, m->origin);
  const char *where = g ? g->origin : o->label[0] ? o->label : "case";
  SETERRQ(o->comm, EDDY_ERR_INPUT, "%s: %s: %s%s", where, g ? g->key : key, message, near);
}
