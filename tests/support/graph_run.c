/* SPDX-License-Identifier: BSD-3-Clause */
#include "graph_run.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

double graph_field(const GraphRun *r, PetscInt c, PetscInt i, PetscInt j)
{
  const double x = 2 * PETSC_PI * i / r->n[0], y = 2 * PETSC_PI * j / r->n[1];
  return r->shift + r->amplitude * (sin(x + .7 * c) + .6 * cos(2 * y - x + c) +
                                    .3 * sin(3 * x + 2 * y + .2 * c * c) +
                                    .2 * sin(7.3 * i + 3.1 * j * j + c));
}

double *graph_oracle(EddyOnnxModel m, const GraphRun *r, PetscInt *n)
{
  EddyOnnxPort port;
  EddyTensor in, out;
  CK_PETSC(EddyOnnxGetInput(m, 0, &port));
  const PetscInt nx = r->n[0], ny = r->n[1], channels = (PetscInt)port.dims[1];
  const PetscBool cells = port.rank == 2 ? PETSC_TRUE : PETSC_FALSE;
  const int64_t field[4] = {1, channels, nx, ny}, flat[2] = {(int64_t)nx * ny, channels};
  CK_PETSC(EddyTensorCreate(EDDY_ONNX_DOUBLE, port.rank, cells ? flat : field, &in));
  for (PetscInt c = 0; c < channels; ++c)
    for (PetscInt i = 0; i < nx; ++i)
      for (PetscInt j = 0; j < ny; ++j)
        EddyTensorSet(&in,
                      cells ? ((int64_t)i * ny + j) * channels + c : ((int64_t)c * nx + i) * ny + j,
                      graph_field(r, c, i, j));
  CK_PETSC(EddyOnnxRun(m, PETSC_TRUE, 1, &in, 1, &out));
  const PetscInt nout = (PetscInt)(EddyTensorCount(&out) / nx / ny);
  double *y = malloc(sizeof *y * (size_t)(nout * nx * ny));
  for (PetscInt c = 0; c < nout; ++c)
    for (PetscInt i = 0; i < nx; ++i)
      for (PetscInt j = 0; j < ny; ++j)
        y[(c * ny + j) * nx + i] = EddyTensorGet(&out, cells ? ((int64_t)i * ny + j) * nout + c
                                                             : ((int64_t)c * nx + i) * ny + j);
  *n = nout * nx * ny;
  CK_PETSC(EddyTensorDestroy(&in));
  CK_PETSC(EddyTensorDestroy(&out));
  return y;
}

static PetscErrorCode Gather(void *ctx, PetscInt nq, PetscInt n, PetscInt first, PetscInt rows,
                             const double row[], double whole[])
{
  memset(whole, 0, sizeof *whole * (size_t)(nq * n));
  for (PetscInt q = 0; q < nq; ++q)
    memcpy(whole + q * n + first, row + q * rows, sizeof *whole * (size_t)rows);
  return MPI_Allreduce(MPI_IN_PLACE, whole, nq * n, MPI_DOUBLE, MPI_SUM, *(MPI_Comm *)ctx)
             ? PETSC_ERR_LIB
             : PETSC_SUCCESS;
}

/* A block's arrays with ghosts; float arrays for f32. */
typedef struct {
  EddyNetBlock b;
  const void *in[64];
  void *out[64], *data[2];
} Block;

static void Fill(const GraphRun *r, const EddyGraph *g, PetscInt start, PetscInt rows, Block *x)
{
  const PetscInt nx = r->n[0], ny = r->n[1], h = g->halo, wide = nx + 2 * h, high = rows + 2 * h;
  const size_t size = r->precision == EDDY_NET_F32 ? sizeof(float) : sizeof(double);
  ck_assert(g->in <= 64 && g->out <= 64);
  x->data[0] = calloc((size_t)(g->in * wide * high) + 64, size);
  x->data[1] = calloc((size_t)(g->out * nx * rows) + 64, size);
  for (PetscInt c = 0; c < g->in; ++c) {
    for (PetscInt j = -h; j < rows + h; ++j)
      for (PetscInt i = -h; i < nx + h; ++i) {
        const size_t at = (size_t)((c * high + j + h) * wide + i + h);
        const double v =
            i < 0 || i >= nx ? NAN : graph_field(r, c, i, ((start + j) % ny + ny) % ny);
        if (size == sizeof(double))
          ((double *)x->data[0])[at] = v;
        else
          ((float *)x->data[0])[at] = (float)v;
      }
    x->in[c] = (char *)x->data[0] + size * (size_t)((c * high + h) * wide + h);
  }
  for (PetscInt c = 0; c < g->out; ++c)
    x->out[c] = (char *)x->data[1] + size * (size_t)(c * nx * rows);
  x->b = (EddyNetBlock){.n = {nx, rows, 1},
                        .in = x->in,
                        .out = x->out,
                        .in_stride = {wide, 0},
                        .out_stride = {nx, 0}};
}

double *graph_result(MPI_Comm comm, EddyOnnxModel m, const GraphRun *r, PetscInt *n)
{
  char reason[256];
  EddyGraph *g;
  EddyGraphPlan plan;
  Block x;
  int size, rank;
  CK_PETSC(EddyOnnxToGraph(m, &g, reason, sizeof reason));
  ck_assert_msg(g, "the graph engine does not take the network: %s", reason);
  MPI_Comm_size(comm, &size);
  MPI_Comm_rank(comm, &rank);
  const PetscInt nx = r->n[0], ny = r->n[1], start = r->cut ? r->cut[rank] : ny * rank / size,
                 rows = (r->cut ? r->cut[rank + 1] : ny * (rank + 1) / size) - start;
  CK_PETSC(EddyGraphPlanCreate(g, r->precision, r->level, &plan));
  CK_PETSC(EddyGraphPlanSetUp(plan, r->n, start, rows));
  Fill(r, g, start, rows, &x);
  for (int twice = 0; twice < 2; ++twice) /* nothing is left over from a call */
    CK_PETSC(EddyGraphApply(plan, &x.b, size > 1 ? Gather : NULL, &comm));
  *n = g->out * nx * ny;
  double *y = calloc((size_t)*n, sizeof *y);
  for (PetscInt c = 0; c < g->out; ++c)
    for (PetscInt k = 0; k < nx * rows; ++k)
      y[(c * ny + start) * nx + k] =
          r->precision == EDDY_NET_F32 ? (double)((float *)x.out[c])[k] : ((double *)x.out[c])[k];
  MPI_Allreduce(MPI_IN_PLACE, y, *n, MPI_DOUBLE, MPI_SUM, comm);
  free(x.data[0]);
  free(x.data[1]);
  CK_PETSC(EddyGraphPlanDestroy(&plan));
  CK_PETSC(EddyGraphDestroy(&g));
  return y;
}

double graph_error(PetscInt n, const double *a, const double *b)
{
  double most = 0, error = 0;
  for (PetscInt i = 0; i < n; ++i) {
    most = fmax(most, fabs(b[i]));
    error = fabs(a[i] - b[i]) <= error ? error : fabs(a[i] - b[i]); /* NaN counts */
  }
  return error / most;
}
