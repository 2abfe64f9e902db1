/* SPDX-License-Identifier: BSD-3-Clause */
#include "gridded.h"
#include <errno.h>
#include <hdf5.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- points, one per line ---- */

typedef struct {
  size_t n, max;
  double *v; /* [n][dim + 1] */
} Points;

/* Numbers of a line; how many, -1 when there is something else. */
static int Numbers(const char *line, int max, double v[])
{
  int n = 0;
  for (const char *c = line + strspn(line, " \t\r\n,;"); *c; c += strspn(c, " \t\r\n,;")) {
    char *end;
    const double x = strtod(c, &end);
    if (end == c || n == max || !isfinite(x))
      return -1;
    v[n++] = x;
    c = end;
  }
  return n;
}

static PetscErrorCode ReadPoints(const char *path, FILE *f, int dim, Points *p)
{
  char line[512];
  double v[4];
  PetscFunctionBeginUser;
  for (int number = 1, seen = 0; fgets(line, sizeof line, f); ++number) {
    if (line[0] == '#' || !line[strspn(line, " \t\r\n")])
      continue;
    const int n = Numbers(line, 4, v), names = n < 0 && !seen;
    ++seen;
    if (names)
      continue;
    PetscCheck(n == dim + 1, PETSC_COMM_SELF, EDDY_ERR_INPUT,
               "%s:%d: expected %d numbers (%s), not '%.40s'", path, number, dim + 1,
               dim == 1 ? "x,z" : "x,y,z", strtok(line, "\r\n"));
    if (p->n == p->max) {
      p->max = p->max ? 2 * p->max : 1024;
      double *more = realloc(p->v, p->max * (size_t)(dim + 1) * sizeof *more);
      PetscCheck(more, PETSC_COMM_SELF, PETSC_ERR_MEM, "out of memory for %s", path);
      p->v = more;
    }
    memcpy(p->v + p->n++ * (size_t)(dim + 1), v, (size_t)(dim + 1) * sizeof *v);
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Spacing in direction d: the smallest distance of a point from the first column that is not rounding. */
static void Spacing(const Points *p, int dim, int d, EddyGridded *g)
{
  double lo = INFINITY, hi = -INFINITY, step = INFINITY;
  const double *v = p->v + d;
  const size_t s = (size_t)dim + 1;
  for (size_t i = 0; i < p->n; ++i) {
    lo = fmin(lo, v[i * s]);
    hi = fmax(hi, v[i * s]);
  }
  for (size_t i = 0; i < p->n; ++i)
    if (v[i * s] - lo > 1e-7 * (hi - lo))
      step = fmin(step, v[i * s] - lo);
  g->first[d] = lo;
  g->n[d] = hi > lo ? (PetscInt)rint((hi - lo) / step) + 1 : 1;
  g->step[d] = hi > lo ? (hi - lo) / (double)(g->n[d] - 1) : 1;
}

static PetscErrorCode Arrange(const char *path, int dim, const Points *p, EddyGridded *g)
{
  PetscFunctionBeginUser;
  for (int d = 0; d < dim; ++d)
    Spacing(p, dim, d, g);
  PetscCheck((size_t)g->n[0] * (size_t)g->n[1] == p->n, PETSC_COMM_SELF, EDDY_ERR_INPUT,
             "%s: %zu points are not a regular grid of %d x %d", path, p->n, (int)g->n[0],
             (int)g->n[1]);
  PetscCall(PetscMalloc1(p->n, &g->z));
  for (size_t i = 0; i < p->n; ++i)
    g->z[i] = NAN;
  for (size_t i = 0; i < p->n; ++i) {
    const double *v = p->v + i * (size_t)(dim + 1);
    PetscInt at[2] = {0, 0};
    for (int d = 0; d < dim; ++d) {
      const double q = (v[d] - g->first[d]) / g->step[d];
      at[d] = (PetscInt)rint(q);
      PetscCheck(fabs(q - rint(q)) <= 1e-4, PETSC_COMM_SELF, EDDY_ERR_INPUT,
                 "%s: %c = %.9g is not on a regular grid with spacing %.9g", path, "xyz"[d], v[d],
                 (double)g -> step[d]);
    }
    PetscReal *z = &g->z[at[1] * g->n[0] + at[0]];
    PetscCheck(*z != *z, PETSC_COMM_SELF, EDDY_ERR_INPUT, "%s: the point %.9g, %.9g comes twice",
               path, v[0], dim > 1 ? v[1] : 0);
    *z = v[dim];
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode ReadCsv(const char *path, FILE *f, int dim, EddyGridded *g)
{
  Points p = {0};
  PetscFunctionBeginUser;
  PetscErrorCode ierr = ReadPoints(path, f, dim, &p);
  if (!ierr && p.n < 2)
    ierr = PetscError(PETSC_COMM_SELF, __LINE__, PETSC_FUNCTION_NAME, __FILE__, EDDY_ERR_INPUT,
                      PETSC_ERROR_INITIAL, "%s: no points", path);
  if (!ierr)
    ierr = Arrange(path, dim, &p, g);
  free(p.v);
  PetscCall(ierr);
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* ---- ESRI grid ---- */

/* A number of points that is one, else 0. */
static PetscInt Count(double v) { return v >= 2 && v <= 100000 ? (PetscInt)v : 0; }

static PetscErrorCode ReadAsc(const char *path, FILE *f, int dim, EddyGridded *g)
{
  char word[64], line[512];
  double size = 0, corner[2] = {NAN, NAN}, none = NAN, v;
  int half[2] = {0, 0};
  PetscFunctionBeginUser;
  PetscCheck(dim == 2, PETSC_COMM_SELF, EDDY_ERR_INPUT, "%s: an .asc grid is for 2-D meshes", path);
  for (int c; (c = fgetc(f)) != EOF;) {
    ungetc(c, f);
    if (c == '#') {
      while (fgets(line, sizeof line, f) && !strchr(line, '\n'))
        ;
      continue;
    }
    if (!strchr("nNxXyYcC\r\n\t ", c))
      break;
    if (fscanf(f, "%63s", word) != 1)
      break;
    PetscCheck(fscanf(f, "%lf%*[\r\n\t ]", &v) == 1, PETSC_COMM_SELF, EDDY_ERR_INPUT,
               "%s: no number after '%s'", path, word);
    if (!strcasecmp(word, "ncols"))
      g->n[0] = Count(v);
    else if (!strcasecmp(word, "nrows"))
      g->n[1] = Count(v);
    else if (!strcasecmp(word, "cellsize"))
      size = v;
    else if (!strcasecmp(word, "nodata_value"))
      none = v;
    else if (!strncasecmp(word, "xll", 3))
      corner[0] = v, half[0] = !strcasecmp(word + 3, "corner");
    else if (!strncasecmp(word, "yll", 3))
      corner[1] = v, half[1] = !strcasecmp(word + 3, "corner");
    else
      SETERRQ(PETSC_COMM_SELF, EDDY_ERR_INPUT, "%s: '%s' is no key of an ESRI grid", path, word);
  }
  PetscCheck(g->n[0] > 1 && g->n[1] > 1 && g->n[0] <= 100000 && g->n[1] <= 100000 && size > 0 &&
                 isfinite(corner[0]) && isfinite(corner[1]),
             PETSC_COMM_SELF, EDDY_ERR_INPUT,
             "%s: ncols, nrows (2 to 100000), xllcenter, yllcenter and cellsize must come first",
             path);
  for (int d = 0; d < 2; ++d) {
    g->step[d] = size;
    g->first[d] = corner[d] + .5 * half[d] * size;
  }
  PetscCall(PetscMalloc1((size_t)g->n[0] * (size_t)g->n[1], &g->z));
  for (PetscInt j = g->n[1]; j-- > 0;)
    for (PetscInt i = 0; i < g->n[0]; ++i)
      PetscCheck(fscanf(f, "%lf", &g->z[j * g->n[0] + i]) == 1 && g->z[j * g->n[0] + i] != none &&
                     isfinite(g->z[j * g->n[0] + i]),
                 PETSC_COMM_SELF, EDDY_ERR_INPUT, "%s: no value in row %d, column %d", path,
                 (int)(g->n[1] - j), (int)i + 1);
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* ---- HDF5 ---- */

/* A whole dataset of the given rank; *data with free. 0: done. */
static int Dataset(hid_t file, const char *name, int rank, hsize_t n[2], double **data)
{
  *data = NULL;
  if (H5Lexists(file, name, H5P_DEFAULT) <= 0)
    return 1;
  const hid_t d = H5Dopen2(file, name, H5P_DEFAULT);
  if (d < 0)
    return 1;
  const hid_t s = H5Dget_space(d);
  int bad = H5Sget_simple_extent_ndims(s) != rank || H5Sget_simple_extent_dims(s, n, NULL) < 0;
  if (!bad) {
    const size_t total = (size_t)(n[0] * (rank > 1 ? n[1] : 1));
    *data = total && total < (size_t)1 << 32 ? malloc(total * sizeof **data) : NULL;
    bad = !*data || H5Dread(d, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, *data) < 0;
  }
  H5Sclose(s);
  H5Dclose(d);
  return bad;
}

static PetscErrorCode FromArrays(const char *path, int dim, double *const axis[2], const double *z,
                                 EddyGridded *g)
{
  PetscFunctionBeginUser;
  for (int d = 0; d < dim; ++d) {
    PetscCheck(g->n[d] > 1, PETSC_COMM_SELF, EDDY_ERR_INPUT, "%s: fewer than two points in %c",
               path, "xyz"[d]);
    g->first[d] = axis[d][0];
    g->step[d] = (axis[d][g->n[d] - 1] - axis[d][0]) / (double)(g->n[d] - 1);
    for (PetscInt i = 0; i < g->n[d]; ++i)
      PetscCheck(fabs(axis[d][i] - g->first[d] - g->step[d] * (double)i) <= 1e-4 * g->step[d],
                 PETSC_COMM_SELF, EDDY_ERR_INPUT, "%s: %c is not ascending in equal steps", path,
                 "xyz"[d]);
  }
  PetscCall(PetscMalloc1((size_t)g->n[0] * (size_t)g->n[1], &g->z));
  for (PetscInt j = 0; j < g->n[1]; ++j)
    for (PetscInt i = 0; i < g->n[0]; ++i) {
      g->z[j * g->n[0] + i] = z[i * g->n[1] + j];
      PetscCheck(isfinite(z[i * g->n[1] + j]), PETSC_COMM_SELF, EDDY_ERR_INPUT,
                 "%s: z[%d][%d] is not a number", path, (int)i, (int)j);
    }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode ReadHdf5(const char *path, int dim, EddyGridded *g)
{
  double *axis[2] = {NULL, NULL}, *z = NULL;
  hsize_t nx[2] = {0, 0}, nz[2] = {1, 1};
  const char *missing = NULL;
  hid_t file;
  PetscErrorCode ierr = PETSC_SUCCESS;
  PetscFunctionBeginUser;
  H5E_BEGIN_TRY
  {
    file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    for (int d = 0; d < dim && file >= 0 && !missing; ++d) {
      if (Dataset(file, d ? "y" : "x", 1, nx, &axis[d]))
        missing = d ? "y" : "x";
      g->n[d] = (PetscInt)nx[0];
    }
    if (file >= 0 && !missing &&
        (Dataset(file, "z", dim, nz, &z) || (PetscInt)nz[0] != g->n[0] ||
         (dim > 1 && (PetscInt)nz[1] != g->n[1])))
      missing = "z";
    if (file >= 0)
      H5Fclose(file);
  }
  H5E_END_TRY;
  if (file >= 0 && !missing)
    ierr = FromArrays(path, dim, axis, z, g);
  free(axis[0]);
  free(axis[1]);
  free(z);
  PetscCall(ierr);
  PetscCheck(file >= 0, PETSC_COMM_SELF, EDDY_ERR_INPUT, "%s: cannot be read as HDF5", path);
  PetscCheck(!missing, PETSC_COMM_SELF, EDDY_ERR_INPUT,
             "%s: no dataset %s of the right shape: x [nx]%s, z %s", path, missing,
             dim > 1 ? ", y [ny]" : "", dim > 1 ? "[nx][ny]" : "[nx]");
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyGriddedRead(const char *path, PetscInt dim, EddyGridded *g)
{
  const char *dot = strrchr(path, '.');
  PetscFunctionBeginUser;
  *g = (EddyGridded){.dim = dim, .n = {1, 1, 1}, .step = {1, 1, 1}};
  PetscCheck(dim == 1 || dim == 2, PETSC_COMM_SELF, EDDY_ERR_INPUT,
             "%s: gridded values are for 1-D and 2-D meshes", path);
  errno = 0;
  FILE *f = fopen(path, "r");
  PetscCheck(f, PETSC_COMM_SELF, EDDY_ERR_INPUT, "%s: cannot be read: %s", path, strerror(errno));
  PetscErrorCode ierr;
  if (dot && (!strcasecmp(dot, ".h5") || !strcasecmp(dot, ".hdf5")))
    ierr = ReadHdf5(path, (int)dim, g);
  else if (dot && !strcasecmp(dot, ".asc"))
    ierr = ReadAsc(path, f, (int)dim, g);
  else
    ierr = ReadCsv(path, f, (int)dim, g);
  fclose(f);
  PetscCall(ierr);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyGriddedDestroy(EddyGridded *g)
{
  PetscFunctionBeginUser;
  PetscCall(PetscFree(g->z));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* ---- means over cells ---- */

/* Integral of the piecewise linear function through v[0..n-1] (points 0, 1, ..., constant beyond), from 0 to s. v is read with a stride. */
static PetscReal Integral(PetscInt n, const PetscReal *v, PetscReal s)
{
  if (s <= 0 || n == 1)
    return s * v[0];
  const PetscInt whole = PetscMin((PetscInt)s, n - 1);
  PetscReal sum = 0;
  for (PetscInt i = 0; i < whole; ++i)
    sum += .5 * (v[i] + v[i + 1]);
  const PetscReal r = s - (PetscReal)whole;
  return whole == n - 1 ? sum + r * v[n - 1]
                        : sum + r * (v[whole] + .5 * r * (v[whole + 1] - v[whole]));
}

/* Mean over [lo, hi] in units of points. Only the points around are looked at. */
static PetscReal Mean(PetscInt n, const PetscReal *v, PetscReal lo, PetscReal hi)
{
  const PetscInt a = (PetscInt)PetscMax(0, PetscMin(floor(lo), (PetscReal)(n - 1)));
  const PetscInt b = (PetscInt)PetscMin(n - 1, PetscMax(ceil(hi), a + 1));
  const PetscReal *w = v + a;
  return (Integral(b - a + 1, w, hi - (PetscReal)a) - Integral(b - a + 1, w, lo - (PetscReal)a)) /
         (hi - lo);
}

enum { SPAN = 512 };

PetscReal EddyGriddedMean(const EddyGridded *g, const PetscReal x[3], const PetscReal cell[3])
{
  PetscReal lo[2] = {0, 0}, hi[2] = {1, 1}, row[SPAN];
  for (PetscInt d = 0; d < g->dim; ++d) {
    const PetscReal at = (x[d] - g->first[d]) / g->step[d];
    const PetscReal half = PetscMin(.5 * cell[d] / g->step[d], .5 * (SPAN - 4));
    lo[d] = at - half;
    hi[d] = at + half;
  }
  if (g->dim == 1)
    return Mean(g->n[0], g->z, lo[0], hi[0]);
  const PetscInt top = g->n[1] - 1;
  const PetscInt a = (PetscInt)PetscMax(0, PetscMin(floor(lo[1]), (PetscReal)top));
  const PetscInt b = (PetscInt)PetscMin(top, PetscMax(ceil(hi[1]), a + 1));
  for (PetscInt j = a; j <= b; ++j)
    row[j - a] = Mean(g->n[0], g->z + j * g->n[0], lo[0], hi[0]);
  return Mean(b - a + 1, row, lo[1] - (PetscReal)a, hi[1] - (PetscReal)a);
}
