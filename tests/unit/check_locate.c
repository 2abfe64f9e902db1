/* SPDX-License-Identifier: BSD-3-Clause */
/* test: fast */
/* Points in mapped grids: linear fields of cell averages are met exactly, weights add up to one, periodic indices carry over, points outside are found to be so. */
#include "cell.h"
#include "locate.h"
#include "mesh.h"
#include "support.h"
#include <math.h>

typedef struct {
  const char *yaml;
  double
      margin; /* of the box around the points, in lengths of it: linear fields are exact between the outermost centroids */
} Grid;
#define OPEN2 \
  "boundary: {xmin: {type: outflow}, xmax: {type: outflow}, ymin: {type: outflow}, ymax: {type: " \
  "outflow}"
static const Grid grids[] = {
    {"mesh: {type: stretched, n: [17], x: {type: tanh, strength: 3}}\nboundary: {xmin: {type: "
     "outflow}, xmax: {type: outflow}}\n",
     .05},
    {"mesh: {type: wavy, n: [14, 11], amplitude: [0.1, 0.1], lower: [-1, 2], upper: [3, "
     "4]}\n" OPEN2 "}\n",
     .12},
    {"mesh: {type: wavy, n: [9, 8, 7], amplitude: [0.05, 0.05, 0.05]}\n" OPEN2
     ", zmin: {type: outflow}, zmax: {type: outflow}}\n",
     .15},
};

/* Largest error of the linear field and of the sum of weights over m points. */
static void Linear(const EddyBox *box, double margin, PetscInt m, double worst[2])
{
  const double a[3] = {2, -1.5, .7};
  worst[0] = worst[1] = 0;
  for (PetscInt q = 0; q < m; ++q) {
    PetscReal x[1][3] = {{0, 0, 0}};
    PetscBool inside;
    PetscInt at[1][EDDY_CORNERS][3];
    double w[1][EDDY_CORNERS], value = 0, sum = 0, exact = 1;
    for (int d = 0; d < (int)box->dim; ++d) {
      const double r = fmod(.37 + .618033988749895 * (double)q * (d + 1) + .11 * d, 1);
      x[0][d] = box->lower[d] + EddyBoxLength(box, d) * (margin + (1 - 2 * margin) * r);
      exact += a[d] * x[0][d];
    }
    EddyLocate(box, 1, (const PetscReal(*)[3])x, &inside, at, w);
    ck_assert(inside);
    for (int c = 0; c < EDDY_CORNERS; ++c) {
      PetscReal volume, centre[3], least, f = 1;
      EddyCellMeasure(box, at[0][c], &volume, centre, &least);
      for (int d = 0; d < (int)box->dim; ++d)
        f += a[d] * centre[d];
      value += w[0][c] * f;
      sum += w[0][c];
      ck_assert(w[0][c] >= 0);
    }
    worst[0] = fmax(worst[0], fabs(value - exact));
    worst[1] = fmax(worst[1], fabs(sum - 1));
  }
}

START_TEST(linear_fields_are_exact)
{
  for (size_t q = 0; q < sizeof grids / sizeof *grids; ++q) {
    EddyOptions o = eddy_test_options(PETSC_COMM_WORLD, grids[q].yaml);
    EddyMesh m;
    double worst[2];
    CK_PETSC(EddyMeshCreate(PETSC_COMM_WORLD, o, &m));
    Linear(&m->box, grids[q].margin, 100, worst);
    ck_assert_msg(worst[0] <= 1e-12 && worst[1] <= 1e-14, "grid %d: %g, weights %g", (int)q,
                  worst[0], worst[1]);
    CK_PETSC(EddyMeshDestroy(&m));
    CK_PETSC(EddyOptionsDestroy(&o));
  }
}
END_TEST

/* Coordinates of a map, large beside the cells. */
START_TEST(far_from_the_origin)
{
  EddyOptions o = eddy_test_options(
      PETSC_COMM_WORLD, "mesh: {type: wavy, n: [64, 64], amplitude: [0.05, 0.05], lower: [500000, "
                        "4000000], upper: [500010, 4000010]}\n" OPEN2 "}\n");
  EddyMesh m;
  double worst[2];
  CK_PETSC(EddyMeshCreate(PETSC_COMM_WORLD, o, &m));
  Linear(&m->box, .05, 100, worst);
  ck_assert_msg(worst[0] <= 1e-8 && worst[1] <= 1e-14, "%g, weights %g", worst[0], worst[1]);
  CK_PETSC(EddyMeshDestroy(&m));
  CK_PETSC(EddyOptionsDestroy(&o));
}
END_TEST

/* A whole turn: on the ray of angle 0 stand the last and the first cells of every ring, each with one half. */
START_TEST(a_ring_closes)
{
  EddyOptions o = eddy_test_options(
      PETSC_COMM_WORLD, "mesh: {type: annulus, n: [6, 16], inner: 1, outer: 2}\nboundary: {xmin: "
                        "{type: outflow}, xmax: {type: outflow}}\n");
  EddyMesh m;
  const PetscReal x[4][3] = {{1.4, 0, 0}, {.5, 0, 0}, {1.001, 0, 0}, {1.9, 1.9, 0}};
  PetscBool inside[4];
  PetscInt at[4][EDDY_CORNERS][3];
  double w[4][EDDY_CORNERS], half[2] = {0, 0};
  CK_PETSC(EddyMeshCreate(PETSC_COMM_WORLD, o, &m));
  EddyLocate(&m->box, 4, x, inside, at, w);
  ck_assert(inside[0] && !inside[1] && inside[2] && !inside[3]);
  for (int c = 0; c < EDDY_CORNERS; ++c) {
    ck_assert(w[0][c] == 0 || at[0][c][1] == 0 || at[0][c][1] == 15);
    half[at[0][c][1] == 0] += w[0][c];
    ck_assert(w[2][c] == 0 || at[2][c][0] == 0); /* constant up to the face */
  }
  ck_assert_double_eq_tol(half[0], .5, 1e-12);
  ck_assert_double_eq_tol(half[1], .5, 1e-12);
  CK_PETSC(EddyMeshDestroy(&m));
  CK_PETSC(EddyOptionsDestroy(&o));
}
END_TEST

EDDY_SUITE("locate", linear_fields_are_exact, far_from_the_origin, a_ring_closes)
