/* SPDX-License-Identifier: BSD-3-Clause */
/* Options of a run: a case file, the command line and overrides of an ensemble row in one table.

   Every option is declared where it is read: EddyOptionsReal(o, "physics_nu", "kinematic viscosity", "L^2/T",
   1e-3, 0, PETSC_MAX_REAL, &nu). The declaration gives name, description, unit, default and range to
   `eddyline check`, to -help and to the catalogue that nearest-name suggestions search. Keys are the words of the YAML
   nest joined by '_' (physics: {nu: 1} is physics_nu); keys ignore case. Values are kept as text with their
   origin (case.yaml:12, command line, row 3) and parsed once by the typed readers below.

   All readers are collective in the sense that every rank of the communicator calls them with the same
   arguments; they raise EDDY_ERR_INPUT with one line "case.yaml:12: physics_nu: ..." when the value cannot be
   used. Every value also goes to the PETSc options database (file entries do not override the command line). */
#ifndef EDDY_OPTIONS_H
#define EDDY_OPTIONS_H
#include "eddy_base.h"

typedef struct _p_EddyOptions *EddyOptions;

PetscErrorCode EddyOptionsCreate(MPI_Comm comm, EddyOptions *o);
PetscErrorCode EddyOptionsDestroy(EddyOptions *o);
/* Copy of values and origins, declarations empty: one copy per ensemble row. */
PetscErrorCode EddyOptionsDuplicate(EddyOptions o, MPI_Comm comm, EddyOptions *copy);

/* Reads a YAML case on rank 0 and broadcasts. Errors: syntax, duplicate keys (ignoring case), missing values, each with file:line. */
PetscErrorCode EddyOptionsInsertFile(EddyOptions o, const char *path);
/* The same from memory; `label` stands for the file name in messages. */
PetscErrorCode EddyOptionsInsertText(EddyOptions o, const char *label, const char *text);
/* "-key value" pairs, leading '-' removed, negative numbers are values; wins over files. */
PetscErrorCode EddyOptionsInsertArgs(EddyOptions o, int argc, char *const argv[]);
/* The same, and words that belong to no option go to positional[0..max-1]; more than max of them are an error. */
PetscErrorCode EddyArgsSplit(EddyOptions o, int argc, char *const argv[], PetscInt max,
                             const char *positional[], PetscInt *n);
/* One override, e.g. origin "row 3 (ensemble_vary_physics_nu)". */
PetscErrorCode EddyOptionsSet(EddyOptions o, const char *key, const char *value,
                              const char *origin);
/* Raw text of a value, NULL if not given. Does not count as read. Borrowed. */
PetscErrorCode EddyOptionsGetRaw(EddyOptions o, const char *key, const char **value);
/* k-th given key that starts with prefix, in order of appearance; NULL after the last. Borrowed. */
PetscErrorCode EddyOptionsGetKey(EddyOptions o, const char *prefix, PetscInt k, const char **key);
/* Where a key was set: "case.yaml:12", "command line", "default". Borrowed. */
PetscErrorCode EddyOptionsGetOrigin(EddyOptions o, const char *key, const char **origin);

/* Typed readers: default used when not given; range [lo, hi]; numbers may use pi (2pi, pi/2, -pi, 3*pi). */
PetscErrorCode EddyOptionsReal(EddyOptions o, const char *key, const char *what, const char *unit,
                               PetscReal dflt, PetscReal lo, PetscReal hi, PetscReal *v);
PetscErrorCode EddyOptionsInt(EddyOptions o, const char *key, const char *what, PetscInt dflt,
                              PetscInt lo, PetscInt hi, PetscInt *v);
PetscErrorCode EddyOptionsSeed(EddyOptions o, const char *key, const char *what, uint64_t dflt,
                               uint64_t *v);
PetscErrorCode EddyOptionsBool(EddyOptions o, const char *key, const char *what, PetscBool dflt,
                               PetscBool *v);
/* One of names[0..n-1]; the nearest is suggested otherwise. */
PetscErrorCode EddyOptionsChoice(EddyOptions o, const char *key, const char *what,
                                 const char *const names[], PetscInt n, PetscInt dflt, PetscInt *v);
/* dflt may be NULL (*v = NULL when not given). Borrowed until o is destroyed. */
PetscErrorCode EddyOptionsString(EddyOptions o, const char *key, const char *what, const char *dflt,
                                 const char **v);
/* Lists of exactly n entries ("wrong list length" otherwise); v holds the defaults on entry. set may be NULL. */
PetscErrorCode EddyOptionsReals(EddyOptions o, const char *key, const char *what, const char *unit,
                                PetscInt n, PetscReal lo, PetscReal hi, PetscReal v[],
                                PetscBool *set);
PetscErrorCode EddyOptionsInts(EddyOptions o, const char *key, const char *what, PetscInt n,
                               PetscInt lo, PetscInt hi, PetscInt v[], PetscBool *set);
/* Lists of any length up to max; *n = 0 when not given. */
PetscErrorCode EddyOptionsRealList(EddyOptions o, const char *key, const char *what,
                                   const char *unit, PetscInt max, PetscReal lo, PetscReal hi,
                                   PetscReal v[], PetscInt *n);
PetscErrorCode EddyOptionsNames(EddyOptions o, const char *key, const char *what, PetscInt max,
                                char v[][EDDY_MAX_NAME], PetscInt *n);

/* Raises EDDY_ERR_INPUT with the origin of `key` in front: for values that are wrong in combination. */
PetscErrorCode EddyOptionsError(EddyOptions o, const char *key, const char *format, ...)
    PETSC_ATTRIBUTE_FORMAT(3, 4);
#define EddyOptionsCheck(cond, o, key, ...) \
  do { \
    if (PetscUnlikely(!(cond))) \
      PetscCall(EddyOptionsError(o, key, __VA_ARGS__)); \
  } while (0)

/* Raises EDDY_ERR_INPUT unless the file that key names can be read: early, with the place of the key. */
PetscErrorCode EddyOptionsReadable(EddyOptions o, const char *key, const char *path);

/* Options read already, names separated by blanks, that have no effect beside the other settings when idle is true: EddyOptionsFinish notes those given
   another value than the default. */
PetscErrorCode EddyOptionsIdle(EddyOptions o, PetscBool idle, const char *keys);

/* Adds the declarations of `catalogue` (made by reading all registered types against an empty table) as known
   names: those not read here are notes, all others given but never declared are errors with the nearest name.
   Names and descriptions are both searched. */
PetscErrorCode EddyOptionsFinish(EddyOptions o, EddyOptions catalogue);
/* An option that somebody reads; values as a user would write them, NULL when there is none. */
typedef struct {
  const char *key, *what, *unit, *value, *fallback, *range, *origin;
  PetscBool idle; /* has no effect beside the other settings */
} EddyDeclared;
/* k-th declaration in order of reading, strings borrowed; PETSC_FALSE after the last. */
PetscBool EddyOptionsGetDeclared(EddyOptions o, PetscInt k, EddyDeclared *d);
/* Adds or replaces a declaration; strings are copied, NULL allowed but for key and what. */
PetscErrorCode EddyOptionsDeclare(EddyOptions o, const EddyDeclared *d);
/* Catalogue mode: readers return defaults, never fail; EddyOptionsError returns without an error; Names returns the one entry "NAME". */
PetscErrorCode EddyOptionsSetCatalogue(EddyOptions o, PetscBool flag);
PetscErrorCode EddyOptionsIsCatalogue(EddyOptions o, PetscBool *flag);
/* Table of every declared option: value, unit, range, origin, description. Rank 0 prints. */
PetscErrorCode EddyOptionsView(EddyOptions o, FILE *out);
/* The resolved case as flat YAML ("physics_nu: 0.001" per line, sorted, declared options only, without output
   paths of this machine); caller frees with PetscFree. The same on every rank. */
PetscErrorCode EddyOptionsToYAML(EddyOptions o, char **text);

/* Nearest of names[0..n-1] to word by edit distance and prefix; NULL when nothing is near. Borrowed. */
const char *EddyNearest(const char *word, const char *const names[], PetscInt n);
/* Parses a number that may use pi; PETSC_FALSE when text is not entirely a number or overflows. */
PetscBool EddyParseReal(const char *text, PetscReal *v);

/* Level forced by -simd, or the best of this processor; an error if this processor lacks it. */
PetscErrorCode EddySimdFromOptions(EddyOptions o, EddySimdLevel *level);

/* Program only: one line on stderr and the exit code of DESIGN section 1 on all ranks. Called before PetscInitialize. */
PetscErrorCode EddyErrorHandlerInstall(void);
int EddyExitCode(PetscErrorCode ierr);
/* Last call of the program, which has called MPI_Init itself and PetscFinalize unless ierr is set: ends all ranks with the
   largest code of any rank, without a word from mpirun. Collective unless ierr is set. */
int EddyProgramEnd(PetscErrorCode ierr, int code);

#endif
