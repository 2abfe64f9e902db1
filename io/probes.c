/* SPDX-License-Identifier: BSD-3-Clause */
/* Fields at points of space over time: one file PATH.csv, one line per snapshot,

     [row,]t,POINT_FIELD,...        just POINT where there is one column per point; row in files of several trajectories

   after comment lines ('#') with places, units and the resolved case. Between the values of the grid (centres of cells, or the points of a spectral run)
   linear in every direction, periodic where the box is, constant from the outermost centres to the faces; on a mapped grid between the centroids (locate.h). Every rank gives the values it holds, rank 0
   weighs them: the same bits on any number of ranks. Resume as in csv.c. */
#include "lines.h"
#include "locate.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_POINTS = 64, CORNERS = EDDY_CORNERS };

typedef struct {
  PetscInt digits, npoint, nname, nfield, ncomp, ntrajectories, nframes;
  PetscReal x[3][MAX_POINTS];
  PetscInt nx[3];
  char name[EDDY_MAX_LIST * 4][EDDY_MAX_NAME];
  EddyLines lines;
  EddyBox box;
  PetscInt n[3];
  PetscReal *times;               /* [nframes], owned */
  PetscInt64 *row;                /* [ntrajectories], owned */
  PetscInt (*corner)[CORNERS][3]; /* [npoint] grid indices, owned */
  double (*weight)[CORNERS];      /* [npoint] */
  double *values;                 /* [ncomp][npoint][CORNERS] */
  PetscBool centred;
} Ctx;

static PetscErrorCode Create(EddyWriter w, EddyOptions o, const char *prefix)
{
  Ctx *c = w->ctx;
  char key[2 * EDDY_MAX_NAME];
  PetscBool catalogue;

  PetscFunctionBeginUser;
  PetscCall(EddyOptionsIsCatalogue(o, &catalogue));
  for (int d = 0; d < 3; ++d) {
    char what[EDDY_MAX_NAME];
    snprintf(key, sizeof key, "%s%c", prefix, "xyz"[d]);
    snprintf(what, sizeof what, "%c of the points of probes", "xyz"[d]);
    PetscCall(EddyOptionsRealList(o, key, what, "L", MAX_POINTS, -PETSC_MAX_REAL, PETSC_MAX_REAL,
                                  c->x[d], &c->nx[d]));
    EddyOptionsCheck(catalogue || !c->nx[d] || c->nx[d] == c->nx[0], o, key,
                     "%d values, but %d for x: every point needs both", (int)c->nx[d],
                     (int)c->nx[0]);
  }
  c->npoint = c->nx[0];
  snprintf(key, sizeof key, "%sx", prefix);
  EddyOptionsCheck(catalogue || c->npoint, o, key, "is not given: probes need points");
  snprintf(key, sizeof key, "%snames", prefix);
  PetscCall(EddyOptionsNames(o, key, "names of the points of probes; default: p1, p2, ...",
                             EDDY_MAX_LIST * 4, c->name, &c->nname));
  EddyOptionsCheck(catalogue || !c->nname || c->nname == c->npoint, o, key,
                   "%d names for %d points", (int)c->nname, (int)c->npoint);
  for (PetscInt k = c->nname; k < c->npoint; ++k)
    snprintf(c->name[k], EDDY_MAX_NAME, "p%d", (int)k + 1);
  snprintf(key, sizeof key, "%sdigits", prefix);
  PetscCall(EddyOptionsInt(o, key,
                           "significant digits of a csv output, 0: 9, or 17 in double precision", 0,
                           0, 17, &c->digits));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Corners of the grid cell around a point, and what each of them weighs. */
static void Locate(Ctx *c, PetscInt point)
{
  PetscInt at[3][2];
  double part[3][2];
  for (int d = 0; d < 3; ++d) {
    const PetscInt n = c->n[d];
    if (d >= c->box.dim || n == 1) {
      at[d][0] = at[d][1] = 0;
      part[d][0] = 1;
      part[d][1] = 0;
      continue;
    }
    double s = (c->x[d][point] - c->box.lower[d]) * (double)n / EddyBoxLength(&c->box, d) -
               (c->centred ? .5 : 0);
    if (!c->box.periodic[d])
      s = PetscMin(PetscMax(s, 0), (double)(n - 1));
    const PetscInt i = (PetscInt)floor(s);
    part[d][1] = s - (double)i;
    part[d][0] = 1 - part[d][1];
    at[d][0] = (i + n) % n;
    at[d][1] = c->box.periodic[d] ? (i + 1 + n) % n : PetscMin(i + 1, n - 1);
  }
  for (int q = 0; q < CORNERS; ++q) {
    const int b[3] = {q & 1, q >> 1 & 1, q >> 2};
    c->weight[point][q] = part[0][b[0]] * part[1][b[1]] * part[2][b[2]];
    for (int d = 0; d < 3; ++d)
      c->corner[point][q][d] = at[d][b[d]];
  }
}

static void PrintName(const EddyBlock *b, PetscInt dim, PetscInt q, FILE *f)
{
  static const char axes[] = "xyz";
  fprintf(f, "_%s", b->name);
  if (b->rank == 1)
    fprintf(f, "_%c", axes[q % 3]);
  else if (b->rank == 2)
    fprintf(f, "_%c%c", axes[q / dim % 3], axes[q % dim]);
  else if (b->ncomp > 1)
    fprintf(f, "_%d", (int)q);
}

static void PrintHeader(const Ctx *c, const EddyWriterPlan *p, FILE *f)
{
  fprintf(f, "# probes of %s\n", p->dataset_name ? p->dataset_name : "");
  for (PetscInt k = 0; k < c->npoint; ++k) {
    fprintf(f, "# point %s:", c->name[k]);
    for (PetscInt d = 0; d < p->box.dim; ++d)
      fprintf(f, " %c = %.9g", "xyz"[d], (double)c -> x[d][k]);
    fputc('\n', f);
  }
  fprintf(f, "# units:");
  for (PetscInt k = 0; k < p->nfield; ++k)
    fprintf(f, " %s [%s]", p->fields[k].name, p->fields[k].unit[0] ? p->fields[k].unit : "-");
  fprintf(f, "\n# case: ");
  for (const char *s = p->provenance ? p->provenance : ""; *s; ++s) {
    if (*s != '\n')
      fputc(*s, f);
    else if (s[1])
      fprintf(f, "\n# case: ");
  }
  fprintf(f, p->ntrajectories > 1 ? "\nrow,t" : "\nt");
  for (PetscInt k = 0; k < c->npoint; ++k)
    for (PetscInt j = 0; j < p->nfield; ++j)
      for (PetscInt q = 0; q < p->fields[j].ncomp; ++q) {
        fprintf(f, ",%s", c->name[k]);
        if (c->ncomp > 1)
          PrintName(&p->fields[j], p->box.dim, q, f);
      }
  fputc('\n', f);
}

static PetscErrorCode CheckPoints(Ctx *c, const EddyWriterPlan *p, const char *output)
{
  PetscFunctionBeginUser;
  for (int d = 0; d < 3; ++d) {
    PetscCheck(d >= p->box.dim || c->nx[d], p->comm, EDDY_ERR_INPUT,
               "output_%s_%c is not given: the points of probes need it", output, "xyz"[d]);
    PetscCheck(d < p->box.dim || !c->nx[d], p->comm, EDDY_ERR_INPUT,
               "output_%s_%c: the mesh has %d dimension(s)", output, "xyz"[d], (int)p -> box.dim);
    for (PetscInt k = 0; k < c->nx[d]; ++k)
      PetscCheck(c->x[d][k] >= p->box.lower[d] && c->x[d][k] <= p->box.upper[d], p->comm,
                 EDDY_ERR_INPUT, "output_%s_%c: %g (point %s) is outside of the box [%g, %g]",
                 output, "xyz"[d], (double)c -> x[d][k], c -> name[k], (double)p -> box.lower[d],
                 (double)p->box.upper[d]);
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* All points of a mapped grid. */
static PetscErrorCode LocateMapped(Ctx *c, MPI_Comm comm, const char *output)
{
  PetscReal x[MAX_POINTS][3];
  PetscBool inside[MAX_POINTS];

  PetscFunctionBeginUser;
  for (PetscInt k = 0; k < c->npoint; ++k)
    for (int d = 0; d < 3; ++d)
      x[k][d] = d < c->box.dim ? c->x[d][k] : 0;
  EddyLocate(&c->box, c->npoint, (const PetscReal(*)[3])x, inside, c->corner, c->weight);
  for (PetscInt k = 0; k < c->npoint; ++k)
    PetscCheck(inside[k], comm, EDDY_ERR_INPUT,
               "output_%s_x: point %s (%g, %g, %g) is in no cell of the grid", output, c->name[k],
               (double)x[k][0], (double)x[k][1], (double)x[k][2]);
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Open(EddyWriter w, const EddyWriterPlan *p)
{
  Ctx *c = w->ctx;
  char *header = NULL;
  size_t len;

  PetscFunctionBeginUser;
  PetscCall(CheckPoints(c, p, w->name));
  if (!c->digits)
    c->digits = p->float64 ? 17 : 9;
  c->box = p->box;
  c->nfield = p->nfield;
  c->ntrajectories = p->ntrajectories;
  c->nframes = p->nframes;
  c->ncomp = 0;
  c->centred = (PetscBool)(p->fields[0].where == EDDY_WHERE_CELL);
  for (PetscInt k = 0; k < p->nfield; ++k)
    c->ncomp += p->fields[k].ncomp;
  for (int d = 0; d < 3; ++d)
    c->n[d] = p->n[d];
  PetscCall(PetscMalloc5(p->nframes, &c->times, p->ntrajectories, &c->row, c->npoint, &c->corner,
                         c->npoint, &c->weight, c->ncomp * c->npoint * CORNERS, &c->values));
  PetscCall(PetscArraycpy(c->times, p->times, p->nframes));
  for (PetscInt i = 0; i < p->ntrajectories; ++i)
    c->row[i] = p->row ? p->row[i] : i;
  if (c->box.mapped)
    PetscCall(LocateMapped(c, p->comm, w->name));
  for (PetscInt k = 0; k < c->npoint && !c->box.mapped; ++k)
    Locate(c, k);
  FILE *memory = open_memstream(&header, &len);
  PetscCheck(memory, PETSC_COMM_SELF, PETSC_ERR_MEM, "no memory for a csv header");
  PrintHeader(c, p, memory);
  fclose(memory);
  PetscErrorCode ierr = EddyLinesOpen(&c->lines, p->comm, p->path, 1, header,
                                      (PetscInt64)p->ntrajectories * p->nframes, p->resume);
  free(header);
  PetscCall(ierr);
  w->frames_done = c->lines.position;
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Values of this rank at all corners, zero elsewhere; added up on rank 0. Collective. */
static PetscErrorCode Gather(Ctx *c, const EddyRecord *r)
{
  double *v = c->values;
  const PetscMPIInt total = (PetscMPIInt)(c->ncomp * c->npoint * CORNERS);

  PetscFunctionBeginUser;
  for (PetscInt f = 0; f < r->nblock; ++f) {
    const EddyBlock *b = &r->blocks[f];
    const size_t h = (size_t)b->halo, hy = b->dim > 1 ? h : 0, hz = b->dim > 2 ? h : 0;
    const size_t px = (size_t)b->count[0] + 2 * h, py = (size_t)b->count[1] + 2 * hy,
                 pz = (size_t)b->count[2] + 2 * hz;
    for (PetscInt q = 0; q < b->ncomp; ++q)
      for (PetscInt k = 0; k < c->npoint; ++k)
        for (int e = 0; e < CORNERS; ++e, ++v) {
          PetscInt at[3];
          PetscBool mine = PETSC_TRUE;
          for (int d = 0; d < 3; ++d) {
            at[d] = c->corner[k][e][d] - b->start[d];
            if (at[d] < 0 || at[d] >= b->count[d])
              mine = PETSC_FALSE;
          }
          *v =
              mine
                  ? b->data[(((size_t)q * pz + (size_t)at[2] + hz) * py + (size_t)at[1] + hy) * px +
                            (size_t)at[0] + h]
                  : 0;
        }
  }
  PetscCallMPI(MPI_Reduce(c->lines.rank ? c->values : MPI_IN_PLACE, c->values, total, MPI_DOUBLE,
                          MPI_SUM, 0, c->lines.comm));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* One line; empty cells when there are no values. Rank 0; 0 or errno. */
static int Print(void *ctx, PetscInt trajectory, PetscInt frame, PetscBool values)
{
  Ctx *c = ctx;
  FILE *f = c->lines.file;
  if (c->ntrajectories > 1)
    fprintf(f, "%" PetscInt64_FMT ",", c->row[trajectory]);
  fprintf(f, "%.17g", c->times[frame]);
  for (PetscInt k = 0; k < c->npoint; ++k)
    for (PetscInt q = 0; q < c->ncomp; ++q) {
      const double *v = c->values + (q * c->npoint + k) * CORNERS;
      double sum = 0;
      for (int e = 0; e < CORNERS; ++e)
        sum += c->weight[k][e] * v[e];
      if (values)
        fprintf(f, ",%.*g", (int)c->digits, sum);
      else
        fputc(',', f);
    }
  fputc('\n', f);
  return EddyLinesFlush(&c->lines);
}

static PetscErrorCode Write(EddyWriter w, const EddyRecord *r)
{
  Ctx *c = w->ctx;
  EddyLines *l = &c->lines;

  PetscFunctionBeginUser;
  PetscCheck(l->open && r->nblock == c->nfield, l->comm, PETSC_ERR_ORDER,
             "%s: record for another plan or a closed file", l->final_path);
  PetscCall(Gather(c, r));
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
  PetscCall(PetscFree5(c->times, c->row, c->corner, c->weight, c->values));
  PetscCall(EddyLinesClose(&c->lines, complete));
  PetscFunctionReturn(PETSC_SUCCESS);
}

const EddyWriterOps eddy_writer_probes = {
    .name = "probes",
    .summary = "fields at points over time, comma-separated",
    .extension = ".csv",
    .ctx_size = sizeof(Ctx),
    .Create = Create,
    .Open = Open,
    .Write = Write,
    .Sync = Sync,
    .Close = Close,
};
