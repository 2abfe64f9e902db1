/* SPDX-License-Identifier: BSD-3-Clause */
/* eddyline info: what is registered, or what a file is. */
#include "catalogue.h"
#include "cli.h"
#include "run.h"
#include "well_read.h"
#include <fftw3.h>
#include <hdf5.h>
#include <string.h>

static const char usage[] =
    "eddyline info [FILE] [-simd v2|v3|v4]\n"
    "  Without FILE: everything a case may hold, room by room, with options, defaults, units and\n"
    "  what is allowed (NAME stands for an entry of the list); versions and SIMD level in use.\n"
    "  With FILE: what an HDF5 file holds: name, rows, frames, grid, fields, provenance.\n";

/* The program and what it stands on. */
static PetscErrorCode Versions(EddyOptions o)
{
  const MPI_Comm comm = PETSC_COMM_WORLD;
  char petsc[256], mpi[MPI_MAX_LIBRARY_VERSION_STRING];
  unsigned major, minor, release;
  int length;
  EddySimdLevel level;

  PetscFunctionBeginUser;
  PetscCall(EddySimdFromOptions(o, &level));
  PetscCall(PetscGetVersion(petsc, sizeof petsc));
  PetscCallMPI(MPI_Get_library_version(mpi, &length));
  mpi[strcspn(mpi, ",\n")] = 0;
  PetscCheck(H5get_libversion(&major, &minor, &release) >= 0, comm, PETSC_ERR_LIB,
             "HDF5 does not tell its version");
  petsc[strcspn(petsc, ",")] = 0;
  PetscCall(PetscPrintf(comm, "eddyline %s\n%s\n%s\nHDF5 %u.%u.%u\n%s\n", EDDY_VERSION, petsc, mpi,
                        major, minor, release, fftw_version));
  PetscCall(PetscPrintf(comm, "SIMD level %s (this processor: %s)\n", EddySimdNames[level],
                        EddySimdNames[EddySimdDetect()]));
  PetscFunctionReturn(PETSC_SUCCESS);
}

typedef struct {
  const char *room; /* printed last */
  EddyOptions seen; /* options printed so far */
} Printer;

/* A key for a further component repeats a key without its NAME ("initial_NAME_peak"). */
static PetscBool Repeats(EddyOptions seen, const char *key)
{
  char shorter[3 * EDDY_MAX_NAME];
  const char *name = strstr(key, "NAME_");
  EddyDeclared d;

  if (!name)
    return PETSC_FALSE;
  snprintf(shorter, sizeof shorter, "%.*s%s", (int)(name - key), key, name + 5);
  for (PetscInt k = 0; EddyOptionsGetDeclared(seen, k, &d); ++k)
    if (!strcmp(d.key, shorter))
      return PETSC_TRUE;
  return PETSC_FALSE;
}

static PetscBool Seen(EddyOptions seen, const EddyDeclared *one)
{
  EddyDeclared d;

  for (PetscInt k = 0; EddyOptionsGetDeclared(seen, k, &d); ++k)
    if (!strcmp(d.key, one->key) && !strcmp(d.what, one->what))
      return PETSC_TRUE;
  return PETSC_FALSE;
}

/* Room, its things with their options, then the options that belong to the room (types left out). */
static PetscErrorCode Print(void *ctx, const char *room, const char *name, const char *summary,
                            EddyOptions table)
{
  const MPI_Comm comm = PETSC_COMM_WORLD;
  Printer *p = (Printer *)ctx;
  EddyDeclared d;
  PetscBool repeats = PETSC_FALSE;

  PetscFunctionBeginUser;
  if (!p->room || strcmp(p->room, room))
    PetscCall(PetscPrintf(comm, "\n%s\n", room));
  p->room = room;
  if (name)
    PetscCall(PetscPrintf(comm, "  %s: %s\n", name, summary ? summary : ""));
  for (PetscInt k = 0; EddyOptionsGetDeclared(table, k, &d); ++k) {
    if (!name && !strcmp(room, "initial") && Repeats(p->seen, d.key))
      repeats = PETSC_TRUE;
    else if (name || !Seen(p->seen, &d))
      PetscCall(PetscPrintf(comm, "  %s%-32s %-14s %-10s %s (%s)\n", name ? "  " : "", d.key,
                            d.fallback ? d.fallback : "-", d.unit, d.what, d.range));
    PetscCall(EddyOptionsDeclare(p->seen, &d));
  }
  if (repeats)
    PetscCall(PetscPrintf(comm, "  initial_NAME_...: the same for the further component NAME\n"));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* "64 x 48, [0, 6.28] x [0, 6.28]" and the fields. Rank 0 only. */
static void DescribeGrid(const EddyWellInfo *w)
{
  printf("grid         ");
  for (PetscInt d = 0; d < w->box.dim; ++d)
    printf("%s%" PetscInt_FMT, d ? " x " : "", w->box.n[d]);
  for (PetscInt d = 0; d < w->box.dim; ++d)
    printf("%s[%g, %g]%s", d ? " x " : ", ", w->box.lower[d], w->box.upper[d],
           w->box.periodic[d] ? "" : " (not periodic)");
  printf("\nfields       ");
  for (PetscInt k = 0; k < w->nfield; ++k) {
    static const char *const ranks[] = {"scalar", "vector", "tensor"};
    const EddyWellField *f = &w->fields[k];
    printf("%s%s%s%s%s (%s, float%d)", k ? ", " : "", f->name, f->unit[0] ? " [" : "", f->unit,
           f->unit[0] ? "]" : "", ranks[PetscMin(f->rank, 2)], f->float64 ? 64 : 32);
  }
  printf("\n");
}

static PetscErrorCode Describe(const char *path)
{
  EddyWell file;
  const EddyWellInfo *w;
  PetscInt failed = 0, complete = 0;

  PetscFunctionBeginUser;
  PetscCall(EddyWellOpen(path, &file));
  PetscCall(EddyWellGetInfo(file, &w));
  for (PetscInt r = 0; r < w->ntrajectories; ++r) {
    failed += w->status[r] == 2;
    complete += w->status[r] == 1;
  }
  printf("file         %s\ndataset      %s\n", path, w->dataset_name);
  printf("rows         %" PetscInt_FMT " (%" PetscInt64_FMT " to %" PetscInt64_FMT
         "), %" PetscInt_FMT " complete, %" PetscInt_FMT " failed\n",
         w->ntrajectories, w->ntrajectories ? w->row[0] : 0,
         w->ntrajectories ? w->row[w->ntrajectories - 1] : 0, complete, failed);
  printf("frames       %" PetscInt_FMT " per row, %" PetscInt64_FMT " of %" PetscInt64_FMT
         " written",
         w->nframes, w->frames_done, (PetscInt64)w->nframes * w->ntrajectories);
  if (w->nframes)
    printf(", t = %g to %g", w->times[0], w->times[w->nframes - 1]);
  printf("\n");
  DescribeGrid(w);
  printf("parameters   ");
  for (PetscInt k = 0; k < w->nparameter; ++k)
    printf("%s%s", k ? ", " : "", w->parameters[k]);
  printf("%s\nprovenance   %s\n", w->nparameter ? "" : "none",
         w->provenance[0] ? "" : "none (not a file of ours)");
  for (const char *line = w->provenance; *line;) {
    const int len = (int)strcspn(line, "\n");
    printf("  %.*s\n", len, line);
    line += len + (line[len] == '\n');
  }
  PetscCall(EddyWellClose(&file));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyVerbInfo(int argc, char **argv, int *code)
{
  const char *path[1];
  Printer p = {NULL, NULL};
  PetscInt n;
  PetscMPIInt rank;
  PetscBool asked;
  EddyOptions o;

  PetscFunctionBeginUser;
  PetscCall(EddyCliHelp(argc, argv, usage, &asked));
  if (asked)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(EddyOptionsCreate(PETSC_COMM_WORLD, &o));
  PetscCall(EddyArgsSplit(o, argc - 1, argv + 1, 1, path, &n));
  PetscCallMPI(MPI_Comm_rank(PETSC_COMM_WORLD, &rank));
  if (n && rank == 0)
    PetscCall(Describe(path[0]));
  if (!n) {
    PetscCall(Versions(o));
    PetscCall(EddyOptionsCreate(PETSC_COMM_WORLD, &p.seen));
    PetscCall(EddyOptionsSetCatalogue(p.seen, PETSC_TRUE));
    PetscCall(EddyCatalogueWalk(PETSC_COMM_WORLD, Print, &p));
    PetscCall(EddyOptionsDestroy(&p.seen));
  }
  PetscCall(EddyOptionsFinish(o, NULL));
  PetscCall(EddyOptionsDestroy(&o));
  PetscFunctionReturn(PETSC_SUCCESS);
}
