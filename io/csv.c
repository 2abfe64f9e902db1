/* SPDX-License-Identifier: BSD-3-Clause */
/* Comma-separated values for 1-D runs and small 2-D ones: one file PATH.csv, one line per point and
   snapshot,

     row,t,x[,y],FIELD,VECTOR_x,VECTOR_y,...

   after comment lines ('#') with data set, units and the resolved case. Rank 0 gathers and writes.
   While the run goes on the file is PATH.csv.part; only whole snapshots count, so that resume cuts
   a torn tail and goes on. Snapshots that a failed row never reached have empty fields. */
#include "lines.h"
#include "pack.h"
#include "points.h"
#include <stdlib.h>
#include <string.h>

enum { MAX_POINTS = 65536 };

typedef struct {
  PetscInt digits; /* option, 0: by precision */
  EddyLines lines;
  MPI_Comm comm;
  PetscMPIInt rank, size;
  EddyBox box;
  EddyWhere where;
  PetscInt n[3], npoint, ntrajectories, nframes, nfield, ncomp; /* ncomp: columns of all fields */
  PetscReal *times;                                             /* [nframes], owned */
  PetscInt64 *row;                                              /* [ntrajectories], owned */
  double *values; /* rank 0: [x][y][ncomp] of one snapshot */
} Ctx;

static PetscErrorCode Create(EddyWriter w, EddyOptions o, const char *prefix)
{
  Ctx *c = w->ctx;
  char key[2 * EDDY_MAX_NAME];

  PetscFunctionBeginUser;
  snprintf(key, sizeof key, "%sdigits", prefix);
  PetscCall(EddyOptionsInt(o, key,
                           "significant digits of a csv output, 0: 9, or 17 in double precision", 0,
                           0, 17, &c->digits));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static void PrintHeader(const EddyWriterPlan *p, FILE *f)
{
  const char *axes = "xyz";
  fprintf(f, "# data set %s, %d x %d points", p->dataset_name ? p->dataset_name : "", (int)p->n[0],
          (int)p->n[1]);
  for (PetscInt d = 0; d < p->box.dim; ++d)
    fprintf(f, p->box.periodic[d] ? ", %c periodic in [%.17g, %.17g)" : ", %c in [%.17g, %.17g]",
            axes[d], p->box.lower[d], p->box.upper[d]);
  fprintf(f, "\n# units:");
  for (PetscInt k = 0; k < p->nfield; ++k)
    fprintf(f, " %s [%s]", p->fields[k].name, p->fields[k].unit[0] ? p->fields[k].unit : "-");
  fprintf(f, "\n# case: ");
  for (const char *s = p->provenance ? p->provenance : ""; *s; ++s) {
    if (*s != '\n')
      fputc(*s, f);
    else if (s[1])
      fprintf(f, "\n# case: ");
  }
  fprintf(f, "\nrow,t");
  for (PetscInt d = 0; d < p->box.dim; ++d)
    fprintf(f, ",%c", axes[d]);
  for (PetscInt k = 0; k < p->nfield; ++k) {
    const EddyBlock *b = &p->fields[k];
    for (PetscInt q = 0; q < b->ncomp; ++q) {
      if (b->rank == 0)
        fprintf(f, b->ncomp > 1 ? ",%s_%d" : ",%s", b->name, (int)q);
      if (b->rank == 1)
        fprintf(f, ",%s_%c", b->name, axes[q % 3]);
      if (b->rank == 2)
        fprintf(f, ",%s_%c%c", b->name, axes[(q / p->box.dim) % 3], axes[q % p->box.dim]);
    }
  }
  fputc('\n', f);
}

static PetscErrorCode Open(EddyWriter w, const EddyWriterPlan *p)
{
  Ctx *c = w->ctx;
  char *header = NULL;
  size_t len;

  PetscFunctionBeginUser;
  const PetscInt digits = c->digits ? c->digits : p->float64 ? 17 : 9;
  *c = (Ctx){.digits = digits,
             .comm = p->comm,
             .box = p->box,
             .where = p->nfield ? p->fields[0].where : EDDY_WHERE_NODE,
             .n = {p->n[0], p->n[1], p->n[2]},
             .npoint = p->n[0] * p->n[1] * p->n[2],
             .ntrajectories = p->ntrajectories,
             .nframes = p->nframes,
             .nfield = p->nfield};
  PetscCheck(p->box.dim < 3 && c->npoint <= MAX_POINTS, p->comm, EDDY_ERR_INPUT,
             "output %s: csv holds 1-D and small 2-D fields (up to %d points), not %" PetscInt_FMT
             " x %" PetscInt_FMT " x %" PetscInt_FMT "; use type h5",
             w->name, (int)MAX_POINTS, p->n[0], p->n[1], p->n[2]);
  PetscCallMPI(MPI_Comm_rank(p->comm, &c->rank));
  PetscCallMPI(MPI_Comm_size(p->comm, &c->size));
  FILE *memory = open_memstream(&header, &len);
  PetscCheck(memory, PETSC_COMM_SELF, PETSC_ERR_MEM, "no memory for a csv header");
  PrintHeader(p, memory);
  fclose(memory);
  PetscErrorCode ierr = EddyLinesOpen(&c->lines, p->comm, p->path, c->npoint, header,
                                      (PetscInt64)p->ntrajectories * p->nframes, p->resume);
  free(header);
  PetscCall(ierr);
  for (PetscInt k = 0; k < p->nfield; ++k)
    c->ncomp += p->fields[k].ncomp;
  PetscCall(PetscMalloc3(p->nframes, &c->times, p->ntrajectories, &c->row,
                         c->rank ? 0 : c->npoint * c->ncomp, &c->values));
  PetscCall(PetscArraycpy(c->times, p->times, p->nframes));
  for (PetscInt i = 0; i < p->ntrajectories; ++i)
    c->row[i] = p->row ? p->row[i] : i;
  w->frames_done = c->lines.position;
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* One field into c->values of rank 0, at column `column`. Collective. */
static PetscErrorCode Gather(Ctx *c, const EddyBlock *b, PetscInt column)
{
  PetscMPIInt mine[4] = {(PetscMPIInt)b->start[0], (PetscMPIInt)b->count[0],
                         (PetscMPIInt)b->start[1], (PetscMPIInt)b->count[1]},
              *all = NULL, *count = NULL, *offset = NULL;
  const PetscMPIInt local = mine[1] * mine[3] * (PetscMPIInt)b->ncomp;
  double *piece, *recv = NULL;

  PetscFunctionBeginUser;
  PetscCall(PetscMalloc1(local + 1, &piece));
  EddyPackDouble(b, piece);
  if (!c->rank)
    PetscCall(PetscMalloc4(4 * c->size, &all, c->size, &count, c->size, &offset,
                           c->npoint * b->ncomp, &recv));
  PetscCallMPI(MPI_Gather(mine, 4, MPI_INT, all, 4, MPI_INT, 0, c->comm));
  for (int r = 0, at = 0; !c->rank && r < c->size; at += count[r++])
    count[r] = all[4 * r + 1] * all[4 * r + 3] * (PetscMPIInt)b->ncomp, offset[r] = at;
  PetscCallMPI(MPI_Gatherv(piece, local, MPI_DOUBLE, recv, count, offset, MPI_DOUBLE, 0, c->comm));
  for (int r = 0; !c->rank && r < c->size; ++r) {
    const int *a = &all[4 * r];
    const double *v = recv + offset[r];
    for (PetscInt i = a[0]; i < a[0] + a[1]; ++i)
      for (PetscInt j = a[2]; j < a[2] + a[3]; ++j)
        for (PetscInt q = 0; q < b->ncomp; ++q)
          c->values[(i * c->n[1] + j) * c->ncomp + column + q] = *v++;
  }
  if (!c->rank)
    PetscCall(PetscFree4(all, count, offset, recv));
  PetscCall(PetscFree(piece));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* One snapshot of lines; empty fields when there are no values. Rank 0; 0 or errno. */
static int Print(void *ctx, PetscInt trajectory, PetscInt frame, PetscBool values)
{
  Ctx *c = ctx;
  for (PetscInt i = 0; i < c->npoint; ++i) {
    const PetscInt at[3] = {i / c->n[1], i % c->n[1], 0};
    double x[3];
    EddyPointAt(&c->box, c->n, c->where, at, x);
    fprintf(c->lines.file, "%" PetscInt64_FMT ",%.*g", c->row[trajectory], 17, c->times[frame]);
    for (PetscInt d = 0; d < c->box.dim; ++d)
      fprintf(c->lines.file, ",%.*g", 9, x[d]);
    for (PetscInt q = 0; q < c->ncomp; ++q)
      if (values)
        fprintf(c->lines.file, ",%.*g", (int)c->digits, c->values[i * c->ncomp + q]);
      else
        fputc(',', c->lines.file);
    fputc('\n', c->lines.file);
  }
  return EddyLinesFlush(&c->lines);
}

static PetscErrorCode Write(EddyWriter w, const EddyRecord *r)
{
  Ctx *c = w->ctx;
  EddyLines *l = &c->lines;

  PetscFunctionBeginUser;
  PetscCheck(l->open && r->nblock == c->nfield, l->comm, PETSC_ERR_ORDER,
             "%s: record for another plan or a closed file", l->final_path);
  for (PetscInt k = 0, column = 0; k < c->nfield; column += r->blocks[k++].ncomp)
    PetscCall(Gather(c, &r->blocks[k], column));
  PetscCall(EddyLinesPut(l, c->nframes, r->trajectory, r->frame, Print, c));
  w->frames_done = l->position;
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Sync(EddyWriter w)
{
  PetscFunctionBeginUser;
  PetscCall(EddyLinesSync(&((Ctx *)w->ctx)->lines));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Close(EddyWriter w, PetscBool complete)
{
  Ctx *c = w->ctx;

  PetscFunctionBeginUser;
  if (!c->lines.open)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(PetscFree3(c->times, c->row, c->values));
  PetscCall(EddyLinesClose(&c->lines, complete));
  PetscFunctionReturn(PETSC_SUCCESS);
}

const EddyWriterOps eddy_writer_csv = {
    .name = "csv",
    .summary = "comma-separated values of 1-D and small 2-D fields",
    .extension = ".csv",
    .ctx_size = sizeof(Ctx),
    .Create = Create,
    .Open = Open,
    .Write = Write,
    .Sync = Sync,
    .Close = Close,
};
