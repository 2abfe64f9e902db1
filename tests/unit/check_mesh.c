/* SPDX-License-Identifier: BSD-3-Clause */
/* test: fast */
#include "mesh.h"
#include "support.h"
#include <hdf5.h>
#include <string.h>

/* The box of a case; NULL message: it must be accepted. */
static EddyBox Box(const char *yaml, const char *message)
{
  EddyOptions o = eddy_test_options(PETSC_COMM_WORLD, yaml);
  EddyBox box = {0};
  EddyMesh m = NULL;
  char *said = NULL;

  eddy_test_expect_errors(message ? PETSC_TRUE : PETSC_FALSE);
  const PetscErrorCode ierr = EddyMeshCreate(PETSC_COMM_WORLD, o, &m);
  eddy_test_expect_errors(PETSC_FALSE);
  ck_assert_msg(!ierr == !message, "%s returned %d", yaml, (int)ierr);
  if (message) {
    CK_PETSC(PetscErrorMessage(ierr, NULL, &said));
    ck_assert_msg(strstr(said, message), "'%s' does not say '%s'", said, message);
  } else {
    box = m->box;
    CK_PETSC(EddyMeshDestroy(&m));
    ck_assert_ptr_null(m);
  }
  CK_PETSC(EddyOptionsDestroy(&o));
  return box;
}

START_TEST(dimensions_follow_the_list)
{
  const EddyBox b = Box("mesh: {n: [8, 6], lower: [-1, 0], upper: [1, 2pi]}", NULL);
  ck_assert(b.dim == 2 && b.n[0] == 8 && b.n[1] == 6 && b.n[2] == 1);
  ck_assert_double_eq(EddyBoxLength(&b, 0), 2);
  ck_assert_double_eq(EddyBoxLength(&b, 1), 2 * PETSC_PI);
  ck_assert_double_eq(EddyBoxLength(&b, 2), 1);
  ck_assert(b.periodic[0] && b.periodic[1]);
  ck_assert_int_eq(Box("mesh: {type: box, n: 16}", NULL).dim, 1);
  ck_assert_int_eq(Box("mesh: {n: [4, 4, 65536]}", NULL).n[2], 65536);
}
END_TEST

START_TEST(wrong_boxes_are_refused)
{
  Box("mesh: {type: box}", "mesh_n: must be given");
  Box("mesh: {n: [1, 2, 3, 4]}", "wrong list length: 4 given");
  Box("mesh: {n: [4, 0]}", "0 is out of range");
  Box("mesh: {n: 65537}", "65537 is out of range");
  Box("mesh: {n: [4, 4], upper: 1}", "wrong list length: 1 given, 2 entries expected");
  Box("mesh: {n: 4, lower: 2}", "1 is not above mesh_lower 2 in direction x");
  Box("mesh: {n: 4, upper: 1e400}", "does not fit a double");
  Box("mesh: {n: 4, type: bax}", "did you mean 'box'?");
}
END_TEST

/* A twisted block, the same in both orders of the axes. */
START_TEST(vertices_come_from_hdf5_files)
{
  enum { NX = 4, NY = 3, NZ = 5 };
  const char *folder = eddy_test_folder(PETSC_COMM_WORLD);
  const hsize_t dims[4] = {NX + 1, NY + 1, NZ + 1, 3}, back[4] = {NZ + 1, NY + 1, NX + 1, 3};
  static double xyz[NX + 1][NY + 1][NZ + 1][3], zyx[NZ + 1][NY + 1][NX + 1][3];
  char path[512], yaml[1024];
  for (int i = 0; i <= NX; ++i)
    for (int j = 0; j <= NY; ++j)
      for (int k = 0; k <= NZ; ++k) {
        const double v[3] = {i + .1 * j * k, j - .05 * i, k + .01 * i * i};
        memcpy(xyz[i][j][k], v, sizeof v);
        memcpy(zyx[k][j][i], v, sizeof v);
      }
  snprintf(path, sizeof path, "%s/grid.h5", folder);
  hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
  for (int q = 0; q < 2; ++q) {
    hid_t space = H5Screate_simple(4, q ? back : dims, NULL),
          set = H5Dcreate2(file, q ? "turned" : "grid", H5T_IEEE_F64LE, space, H5P_DEFAULT,
                           H5P_DEFAULT, H5P_DEFAULT);
    ck_assert(H5Dwrite(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT,
                       q ? (void *)zyx : (void *)xyz) >= 0);
    H5Dclose(set);
    H5Sclose(space);
  }
  H5Fclose(file);
  for (int q = 0; q < 2; ++q) {
    EddyMesh m;
    snprintf(yaml, sizeof yaml,
             "mesh: {type: table, n: [4, 3, 5], file: %s, dataset: %s}\n"
             "boundary: {xmin: {type: outflow}, xmax: {type: outflow}, ymin: {type: outflow}, "
             "ymax: {type: outflow}, zmin: {type: outflow}, zmax: {type: outflow}}\n",
             path, q ? "/turned, order: zyx" : "/grid");
    EddyOptions o = eddy_test_options(PETSC_COMM_WORLD, yaml);
    CK_PETSC(EddyMeshCreate(PETSC_COMM_WORLD, o, &m));
    for (int i = 0; i <= NX; ++i)
      for (int j = 0; j <= NY; ++j)
        for (int k = 0; k <= NZ; ++k) {
          const PetscInt at[3] = {i, j, k};
          PetscReal v[3];
          m->box.mapped->Vertex(m->box.mapped->ctx, at, v);
          ck_assert(!memcmp(v, xyz[i][j][k], sizeof v));
        }
    ck_assert(m->box.upper[0] == NX + .1 * NY * NZ);
    CK_PETSC(EddyMeshDestroy(&m));
    CK_PETSC(EddyOptionsDestroy(&o));
  }
}
END_TEST

EDDY_SUITE("mesh", vertices_come_from_hdf5_files, dimensions_follow_the_list,
           wrong_boxes_are_refused)
