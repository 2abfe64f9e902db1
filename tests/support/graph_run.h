/* SPDX-License-Identifier: BSD-3-Clause */
/* A network file by the graph engine on slabs of rows, beside the interpreter on the whole field. */
#ifndef EDDY_TEST_GRAPH_RUN_H
#define EDDY_TEST_GRAPH_RUN_H
#include "onnx_model.h"
#include "support.h"
#include "to_graph.h"

typedef struct {
  PetscInt n[2];       /* grid; for (cells, channel) the cells are n[0] n[1] */
  const PetscInt *cut; /* [ranks + 1] first rows; NULL: nearly equal slabs */
  EddyNetPrecision precision;
  EddySimdLevel level;
  double amplitude, shift; /* of the field */
} GraphRun;

/* Field c at (i, j): smooth and without symmetries. */
double graph_field(const GraphRun *r, PetscInt c, PetscInt i, PetscInt j);
/* Interpreter in double on the whole field: [out][ny][nx], to be freed with free. */
double *graph_oracle(EddyOnnxModel m, const GraphRun *r, PetscInt *n);
/* Graph engine, rows dealt out to the ranks of comm; whole result on every rank: [out][ny][nx], to be freed with free. Fails the test when
   the file is not taken. Cells beyond the ghosts are NaN. */
double *graph_result(MPI_Comm comm, EddyOnnxModel m, const GraphRun *r, PetscInt *n);
/* Largest difference over the largest value of b. */
double graph_error(PetscInt n, const double *a, const double *b);
#endif
