/* SPDX-License-Identifier: BSD-3-Clause */
/* Vertices from an HDF5 file (table_hdf5.h), or from a text file: one vertex per line, as many numbers as directions, separated by commas or blanks, the first index running
   fastest; (n_1 + 1) (n_2 + 1) ... lines; lines that begin with '#' are remarks. A periodic direction needs faces 0 and n that differ by one translation. */
#include "mesh.h"
#include "table_hdf5.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  PetscReal *x; /* [vertices][dim] */
  PetscInt dim, m[3];
} Ctx;

static void Vertex(const void *ctx, const PetscInt i[3], PetscReal x[3])
{
  const Ctx *c = ctx;
  const PetscReal *from =
      c->x + (size_t)c->dim * (size_t)((i[2] * c->m[1] + i[1]) * c->m[0] + i[0]);
  for (int d = 0; d < 3; ++d)
    x[d] = d < c->dim ? from[d] : 0;
}

/* Numbers of a line, at most `max` + 1 of them; -1: something else is there. */
static int Numbers(const char *line, int max, double v[])
{
  int n = 0;
  while (*line) {
    char *end;
    while (isspace((unsigned char)*line) || *line == ',')
      ++line;
    if (!*line)
      break;
    if (n > max)
      return n;
    v[n++] = strtod(line, &end);
    if (end == line || !(v[n - 1] - v[n - 1] == 0))
      return -1;
    line = end;
  }
  return n;
}

/* Rank 0 reads; *line is 0, or the number of the line with `what` is wrong. */
static void Read(FILE *f, Ctx *c, size_t want, size_t *got, long *bad, const char **what)
{
  char text[512];
  long number = 0;
  *got = 0;
  *bad = 0;
  while (fgets(text, sizeof text, f)) {
    double v[5];
    ++number;
    if (text[0] == '#')
      continue;
    const int n = Numbers(text, (int)c->dim, v);
    if (!n)
      continue;
    if (n != (int)c->dim) {
      *bad = number;
      *what = n < 0 ? "has something that is not a finite number" : "has another count of numbers";
      return;
    }
    for (int d = 0; d < n && *got < want; ++d)
      c->x[*got * (size_t)n + (size_t)d] = v[d];
    ++*got;
  }
}

/* Rank 0. */
static PetscErrorCode LoadText(EddyMesh m, EddyOptions o, const char *path, size_t want)
{
  Ctx *c = m->vertices.ctx;
  size_t got = 0;
  long line = 0; /* that is wrong */
  const char *what = "";

  PetscFunctionBeginUser;
  FILE *f = fopen(path, "r");
  EddyOptionsCheck(f, o, "mesh_file", "%s cannot be opened", path);
  Read(f, c, want, &got, &line, &what);
  fclose(f);
  EddyOptionsCheck(!line, o, "mesh_file", "%s: line %ld %s; a vertex is %d numbers", path, line,
                   what, (int)c->dim);
  EddyOptionsCheck(got == want, o, "mesh_file",
                   "%s has %zu vertices; mesh_n needs %zu (one more than cells per direction)",
                   path, got, want);
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Load(EddyMesh m, EddyOptions o, const char *path, const char *set,
                           PetscBool slow_z)
{
  Ctx *c = m->vertices.ctx;
  const size_t want = (size_t)c->m[0] * (size_t)c->m[1] * (size_t)c->m[2];
  int rank;

  PetscFunctionBeginUser;
  PetscCallMPI(MPI_Comm_rank(m->comm, &rank));
  PetscCall(PetscMalloc1(want * (size_t)c->dim, &c->x));
  if (!rank && EddyTableIsHdf5(path))
    PetscCall(EddyTableReadHdf5(o, path, set, slow_z, c->dim, c->m, c->x));
  else if (!rank)
    PetscCall(LoadText(m, o, path, want));
  for (size_t at = 0, all = want * (size_t)c->dim; at < all; at += 1 << 24)
    PetscCallMPI(MPI_Bcast(c->x + at, (int)PetscMin(1 << 24, all - at), MPI_DOUBLE, 0, m->comm));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Faces 0 and n of a periodic direction differ by one translation. */
static PetscErrorCode CheckPeriodic(EddyMesh m, EddyOptions o, int e)
{
  const Ctx *c = m->vertices.ctx;
  PetscReal size = 0, shift[3] = {0};
  PetscInt last[3] = {c->m[0], c->m[1], c->m[2]};

  PetscFunctionBeginUser;
  last[e] = 1;
  for (int d = 0; d < c->dim; ++d)
    size = PetscMax(size, EddyBoxLength(&m->box, d));
  for (PetscInt k = 0; k < last[2]; ++k)
    for (PetscInt j = 0; j < last[1]; ++j)
      for (PetscInt i = 0; i < last[0]; ++i) {
        PetscInt at[3] = {i, j, k};
        PetscReal a[3], b[3];
        Vertex(c, at, a);
        at[e] = c->m[e] - 1;
        Vertex(c, at, b);
        for (int d = 0; d < c->dim; ++d) {
          if (!i && !j && !k)
            shift[d] = b[d] - a[d];
          EddyOptionsCheck(PetscAbsReal(b[d] - a[d] - shift[d]) <= 1e-10 * size, o, "mesh_file",
                           "direction %c is periodic, but its first and last face are not the same "
                           "shape: vertex (%d, %d, %d)",
                           "xyz"[e], (int)i, (int)j, (int)k);
        }
      }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Options(EddyMesh m, EddyOptions o)
{
  Ctx *c = m->vertices.ctx;
  static const char *const orders[] = {"xyz", "zyx"};
  static const char any[] = "/mapped/vertices";
  const char *path, *set;
  PetscInt order;
  PetscBool catalogue;

  PetscFunctionBeginUser;
  PetscCall(EddyOptionsIsCatalogue(o, &catalogue));
  PetscCall(EddyMeshReadCells(o, &m->box));
  PetscCall(EddyOptionsString(
      o, "mesh_file", "vertices: a text file, one per line, first index fastest, or an HDF5 file",
      NULL, &path));
  PetscCall(EddyOptionsString(o, "mesh_dataset", "vertices in an HDF5 file, [x][y][z][coordinate]",
                              any, &set));
  PetscCall(EddyOptionsChoice(o, "mesh_order", "order of the axes of this dataset", orders, 2, 0,
                              &order));
  PetscCall(EddyMeshReadFaces(o, &m->box));
  if (catalogue)
    PetscFunctionReturn(PETSC_SUCCESS);
  EddyOptionsCheck(path, o, "mesh_file", "must be given: mesh_type table reads its vertices");
  EddyOptionsCheck(EddyTableIsHdf5(path) || (!order && !strcmp(set, any)), o,
                   order ? "mesh_order" : "mesh_dataset",
                   "is for HDF5 files (.h5, .hdf5): mesh_file %s is read as text", path);
  c->dim = m->box.dim;
  for (int d = 0; d < 3; ++d)
    c->m[d] = d < c->dim ? m->box.n[d] + 1 : 1;
  PetscCall(Load(m, o, path, set, (PetscBool)(order == 1)));
  EddyMeshEnclose(m);
  for (int d = 0; d < c->dim; ++d)
    if (m->box.periodic[d])
      PetscCall(CheckPeriodic(m, o, d));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static void Free(void *ctx) { (void)PetscFree(((Ctx *)ctx)->x); }

const EddyMeshOps eddy_mesh_table = {
    .name = "table",
    .summary = "vertices of a curvilinear grid from an HDF5 or text file",
    .ctx_size = sizeof(Ctx),
    .Options = Options,
    .Vertex = Vertex,
    .Free = Free,
};
