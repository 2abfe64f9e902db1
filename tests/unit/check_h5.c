/* SPDX-License-Identifier: BSD-3-Clause */
/* test: fast; ranks 1 2 3 4 */
/* The HDF5 writer: what is read is what was written; bytes do not depend on ranks, batches or
 * interruptions. */
#include "hdf5_util.h"
#include "io_case.h"
#include "well_read.h"
#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static const char *const plain = "output: {list: [set], set: {type: h5}}\n";
static const char *const unbatched = "output: {list: [set], set: {type: h5, batch: 0}}\n";

static const char *const many_writers = "output: {list: [set], set: {type: h5, writers: 3}}\n";

/* One shard from beginning to end. */
static void make_file(MPI_Comm comm, const char *path, const char *yaml, PetscInt dim,
                      const PetscInt n[3], PetscInt rows, PetscInt frames, PetscBool float64)
{
  IoCase c;
  io_case_make(&c, comm, path, dim, n, rows, frames);
  c.plan.float64 = float64;
  EddyWriter w = io_case_writer(comm, yaml);
  CK_PETSC(w->ops->Open(w, &c.plan));
  CK_PETSC(io_case_write(&c, w, 0, (PetscInt64)rows * frames));
  CK_PETSC(w->ops->Close(w, PETSC_TRUE));
  ck_assert_int_eq(w->frames_done, rows * frames);
  CK_PETSC(EddyWriterDestroy(&w));
}

/* Every counted frame of the file has its value; serial. Returns the number of wrong values. */
static PetscInt64 wrong_values(const char *path, const IoCase *c)
{
  EddyWell w;
  const EddyWellInfo *info;
  PetscInt64 wrong = 0;
  CK_PETSC(EddyWellOpen(path, &w));
  CK_PETSC(EddyWellGetInfo(w, &info));
  for (PetscInt k = 0; k < CASE_FIELDS; ++k) {
    PetscInt f;
    const PetscInt *n = c->plan.n;
    double *v;
    CK_PETSC(EddyWellFindField(w, c->fields[k].name, &f));
    CK_PETSC(PetscMalloc1((size_t)n[0] * n[1] * n[2] * c->fields[k].ncomp, &v));
    for (PetscInt64 p = 0; p < info->frames_done; ++p) {
      const PetscInt traj = (PetscInt)(p / info->nframes), frame = (PetscInt)(p % info->nframes);
      size_t i = 0;
      CK_PETSC(EddyWellReadFrame(w, f, traj, frame, v));
      for (PetscInt q = 0; q < c->fields[k].ncomp; ++q)
        for (PetscInt z = 0; z < n[2]; ++z)
          for (PetscInt y = 0; y < n[1]; ++y)
            for (PetscInt x = 0; x < n[0]; ++x, ++i) {
              const double exact = io_case_value(k, traj, frame, (PetscInt[3]){x, y, z}, q);
              wrong += v[i] != (c->plan.float64 ? exact : (double)(float)exact);
            }
    }
    CK_PETSC(PetscFree(v));
  }
  CK_PETSC(EddyWellClose(&w));
  return wrong;
}

static int world_rank(void)
{
  int rank;
  MPI_Comm_rank(PETSC_COMM_WORLD, &rank);
  return rank;
}

START_TEST(test_read_back)
{
  const PetscInt n[][3] = {{12, 1, 1}, {13, 10, 1}, {48, 56, 1}, {5, 6, 7}, {20, 16, 24}};
  const PetscInt dims[] = {1, 2, 2, 3, 3};
  const char *folder = eddy_test_folder(PETSC_COMM_WORLD);
  for (int i = 0; i < 10; ++i) {
    char path[512], file[600];
    IoCase c;
    snprintf(path, sizeof path, "%s/set%d", folder, i);
    snprintf(file, sizeof file, "%s.hdf5", path);
    make_file(PETSC_COMM_WORLD, path, plain, dims[i / 2], n[i / 2], 3, 5,
              i % 2 ? PETSC_TRUE : PETSC_FALSE);
    if (world_rank())
      continue;
    io_case_make(&c, PETSC_COMM_SELF, path, dims[i / 2], n[i / 2], 3, 5);
    c.plan.float64 = i % 2 ? PETSC_TRUE : PETSC_FALSE;
    ck_assert_int_eq(wrong_values(file, &c), 0);
  }
}
END_TEST

START_TEST(test_structure)
{
  const char *folder = eddy_test_folder(PETSC_COMM_WORLD);
  char path[512], file[600];
  snprintf(path, sizeof path, "%s/set", folder);
  snprintf(file, sizeof file, "%s.hdf5", path);
  make_file(PETSC_COMM_WORLD, path, plain, 2, (PetscInt[3]){8, 6, 1}, 2, 4, PETSC_FALSE);
  if (world_rank())
    return;
  EddyWell w;
  const EddyWellInfo *info;
  const double *nu;
  CK_PETSC(EddyWellOpen(file, &w));
  CK_PETSC(EddyWellGetInfo(w, &info));
  ck_assert_str_eq(info->dataset_name, "made_up");
  ck_assert_int_eq(info->ntrajectories, 2);
  ck_assert_int_eq(info->nframes, 4);
  ck_assert_int_eq(info->frames_done, 8);
  ck_assert_int_eq(info->nfield, 3);
  ck_assert(info->box.lower[0] == -0.1 && info->box.upper[1] == 2 * PETSC_PI &&
            info->box.periodic[1]);
  ck_assert(info->times[3] == 0.07 * 3.0);
  CK_PETSC(EddyWellGetParameter(w, "physics_nu", &nu));
  ck_assert_ptr_nonnull(nu);
  ck_assert(nu[0] == 1e-3 / 3 && nu[1] == 1e-3 / 4);
  ck_assert_int_eq(info->row[1], 41);
  ck_assert(info->seed[1] == UINT64_C(0xfedcba9876543211));
  ck_assert_int_eq(info->status[0] * 10 + info->status[1], 11);
  ck_assert_str_eq(info->provenance, "physics_nu: 0.001\nseed: 7\n");
  ck_assert_int_eq(info->fields[2].symmetry, EDDY_SYM_SYMMETRIC);
  ck_assert_str_eq(info->fields[1].unit, "1/s");
  CK_PETSC(EddyWellClose(&w));
}
END_TEST

static void check_same(const char *a, const char *b)
{
  char ha[65], hb[65];
  if (world_rank())
    return;
  CK_PETSC(EddyFileSha256(a, ha));
  CK_PETSC(EddyFileSha256(b, hb));
  ck_assert_str_eq(ha, hb);
}

/* One rank, all ranks, no batches, several writers: the same bytes, for chunked and for contiguous
 * frames. */
/* Type of a group of /boundary_conditions and the ends of its axis that it holds for; -1: no such group. */
static int boundary(hid_t file, const char *group, const char *type)
{
  char name[64], is[1][EDDY_MAX_NAME];
  int8_t mask[16] = {0};
  int inside = 0;
  snprintf(name, sizeof name, "boundary_conditions/%s", group);
  if (H5Lexists(file, name, H5P_DEFAULT) <= 0)
    return -1;
  hid_t at = H5Gopen2(file, name, H5P_DEFAULT), set = H5Dopen2(at, "mask", H5P_DEFAULT);
  hid_t space = H5Dget_space(set), bools = H5Dget_type(set);
  const int n = (int)H5Sget_simple_extent_npoints(space);
  ck_assert_int_le(n, 16);
  ck_assert_int_ge(H5Dread(set, bools, H5S_ALL, H5S_ALL, H5P_DEFAULT, mask), 0);
  ck_assert_int_eq(EddyH5ReadStrings(at, "bc_type", 1, is), 1);
  ck_assert_str_eq(is[0], type);
  for (int i = 1; i < n - 1; ++i)
    inside += mask[i];
  ck_assert_int_eq(inside, 0);
  H5Tclose(bools);
  H5Sclose(space);
  H5Dclose(set);
  H5Gclose(at);
  return mask[0] + 2 * mask[n - 1];
}

/* Walls are WALL, other ends OPEN, each with the ends it holds for. */
START_TEST(test_boundaries)
{
  const char *folder = eddy_test_folder(PETSC_COMM_WORLD);
  char path[512], file[600];
  IoCase c;
  snprintf(path, sizeof path, "%s/set", folder);
  snprintf(file, sizeof file, "%s.hdf5", path);
  io_case_make(&c, PETSC_COMM_WORLD, path, 3, (PetscInt[3]){8, 6, 5}, 1, 1);
  c.plan.box.periodic[0] = c.plan.box.periodic[1] = PETSC_FALSE;
  c.plan.box.periodic[2] = PETSC_TRUE;
  c.plan.box.wall[0][0] = c.plan.box.wall[0][1] = c.plan.box.wall[1][0] = PETSC_TRUE;
  EddyWriter w = io_case_writer(PETSC_COMM_WORLD, plain);
  CK_PETSC(w->ops->Open(w, &c.plan));
  CK_PETSC(io_case_write(&c, w, 0, 1));
  CK_PETSC(w->ops->Close(w, PETSC_TRUE));
  CK_PETSC(EddyWriterDestroy(&w));
  if (world_rank())
    return;
  hid_t h = H5Fopen(file, H5F_ACC_RDONLY, H5P_DEFAULT);
  ck_assert_int_ge(h, 0);
  ck_assert_int_eq(boundary(h, "x_wall", "WALL"), 3);
  ck_assert_int_eq(boundary(h, "x_open", "OPEN"), -1);
  ck_assert_int_eq(boundary(h, "y_wall", "WALL"), 1);
  ck_assert_int_eq(boundary(h, "y_open", "OPEN"), 2);
  ck_assert_int_eq(boundary(h, "z_periodic", "PERIODIC"), 3);
  ck_assert_int_eq(boundary(h, "z_open", "OPEN"), -1);
  H5Fclose(h);
}
END_TEST

START_TEST(test_same_bytes)
{
  const PetscInt n[][3] = {{14, 10, 1}, {96, 80, 1}, {16, 24, 20}};
  const PetscInt dims[] = {2, 2, 3};
  const char *folder = eddy_test_folder(PETSC_COMM_WORLD);
  for (int i = 0; i < 3; ++i) {
    char path[4][512], file[4][2100];
    for (int k = 0; k < 4; ++k) {
      snprintf(path[k], sizeof path[k], "%s/set%d_%d", folder, i, k);
      snprintf(file[k], sizeof file[k], "%s.hdf5", path[k]);
    }
    if (!world_rank())
      make_file(PETSC_COMM_SELF, path[0], plain, dims[i], n[i], 2, 7, PETSC_FALSE);
    make_file(PETSC_COMM_WORLD, path[1], plain, dims[i], n[i], 2, 7, PETSC_FALSE);
    make_file(PETSC_COMM_WORLD, path[2], unbatched, dims[i], n[i], 2, 7, PETSC_FALSE);
    make_file(PETSC_COMM_WORLD, path[3], many_writers, dims[i], n[i], 2, 7, PETSC_FALSE);
    for (int k = 1; k < 4; ++k)
      check_same(file[0], file[k]);
  }
}
END_TEST

/* Stops at every position, reopens, writes some frames again, goes on. */
START_TEST(test_resume)
{
  const PetscInt n[3] = {9, 8, 1};
  const char *folder = eddy_test_folder(PETSC_COMM_WORLD);
  char path[512], file[600], part[600], reference[512], reference_file[560];
  snprintf(reference, sizeof reference, "%s/reference", folder);
  snprintf(reference_file, sizeof reference_file, "%s.hdf5", reference);
  make_file(PETSC_COMM_WORLD, reference, plain, 2, n, 2, 4, PETSC_FALSE);
  for (PetscInt64 stop = 0; stop <= 8; ++stop) {
    IoCase c;
    snprintf(path, sizeof path, "%s/set%d", folder, (int)stop);
    snprintf(file, sizeof file, "%s.hdf5", path);
    snprintf(part, sizeof part, "%s.hdf5.part", path);
    io_case_make(&c, PETSC_COMM_WORLD, path, 2, n, 2, 4);
    EddyWriter w = io_case_writer(PETSC_COMM_WORLD, plain);
    CK_PETSC(w->ops->Open(w, &c.plan));
    CK_PETSC(io_case_write(&c, w, 0, stop));
    CK_PETSC(w->ops->Close(w, PETSC_FALSE));
    ck_assert_int_eq(w->frames_done, stop);
    if (!world_rank())
      ck_assert_int_eq(wrong_values(part, &c), 0);
    c.plan.resume = PETSC_TRUE;
    CK_PETSC(w->ops->Open(w, &c.plan));
    ck_assert_int_eq(w->frames_done, stop);
    CK_PETSC(io_case_write(&c, w, PetscMax(stop - 2, 0), 8));
    CK_PETSC(w->ops->Close(w, PETSC_TRUE));
    CK_PETSC(EddyWriterDestroy(&w));
    check_same(reference_file, file);
  }
}
END_TEST

/* A .part of another case is refused and left alone. */
START_TEST(test_resume_other_case)
{
  const char *folder = eddy_test_folder(PETSC_COMM_WORLD);
  char path[512], part[600], before[65] = "", after[65] = "";
  IoCase c;
  snprintf(path, sizeof path, "%s/set", folder);
  snprintf(part, sizeof part, "%s.hdf5.part", path);
  io_case_make(&c, PETSC_COMM_WORLD, path, 2, (PetscInt[3]){9, 8, 1}, 2, 4);
  EddyWriter w = io_case_writer(PETSC_COMM_WORLD, plain);
  CK_PETSC(w->ops->Open(w, &c.plan));
  CK_PETSC(io_case_write(&c, w, 0, 3));
  CK_PETSC(w->ops->Close(w, PETSC_FALSE));
  if (!world_rank())
    CK_PETSC(EddyFileSha256(part, before));
  c.plan.resume = PETSC_TRUE;
  for (int i = 0; i < 4; ++i) {
    EddyWriterPlan other = c.plan;
    EddyParameter parameter = c.parameter;
    const double nu[2] = {1e-3 / 3, 1e-3 / 5};
    if (i == 0)
      other.provenance = "physics_nu: 0.002\nseed: 7\n";
    if (i == 1)
      other.n[0] = other.box.n[0] = 10;
    if (i == 2)
      other.float64 = PETSC_TRUE;
    if (i == 3)
      parameter.values = nu, other.parameters = &parameter;
    eddy_test_expect_errors(PETSC_TRUE);
    const PetscErrorCode ierr = w->ops->Open(w, &other);
    eddy_test_expect_errors(PETSC_FALSE);
    ck_assert_int_eq(ierr, EDDY_ERR_INPUT);
  }
  CK_PETSC(EddyWriterDestroy(&w));
  if (!world_rank())
    CK_PETSC(EddyFileSha256(part, after));
  ck_assert_str_eq(before, after);
}
END_TEST

/* Row 0 breaks off after two frames: marked as failed; row 1 is made twice. */
START_TEST(test_failed_row)
{
  const char *folder = eddy_test_folder(PETSC_COMM_WORLD);
  char path[512], file[600];
  IoCase c;
  snprintf(path, sizeof path, "%s/set", folder);
  snprintf(file, sizeof file, "%s.hdf5", path);
  io_case_make(&c, PETSC_COMM_WORLD, path, 2, (PetscInt[3]){9, 8, 1}, 3, 4);
  EddyWriter w = io_case_writer(PETSC_COMM_WORLD, plain);
  CK_PETSC(w->ops->Open(w, &c.plan));
  CK_PETSC(io_case_write(&c, w, 0, 2));
  CK_PETSC(io_case_write(&c, w, 4, 8));
  CK_PETSC(io_case_write(&c, w, 4, 5));
  CK_PETSC(w->ops->Sync(w));
  ck_assert_int_eq(w->frames_done, 5);
  CK_PETSC(io_case_write(&c, w, 5, 9));
  CK_PETSC(w->ops->Close(w, PETSC_TRUE));
  CK_PETSC(EddyWriterDestroy(&w));
  if (world_rank())
    return;
  EddyWell well;
  const EddyWellInfo *info;
  CK_PETSC(EddyWellOpen(file, &well));
  CK_PETSC(EddyWellGetInfo(well, &info));
  ck_assert_int_eq(info->status[0] * 100 + info->status[1] * 10 + info->status[2], 212);
  CK_PETSC(EddyWellClose(&well));
}
END_TEST

/* A file-size limit stands for a full disk: an I/O error on all ranks, the counted frames stay. */
START_TEST(test_disk_full)
{
  const char *folder = eddy_test_folder(PETSC_COMM_WORLD);
  char path[512], part[600];
  struct rlimit limit, small;
  IoCase c;
  snprintf(path, sizeof path, "%s/set", folder);
  snprintf(part, sizeof part, "%s.hdf5.part", path);
  io_case_make(&c, PETSC_COMM_WORLD, path, 2, (PetscInt[3]){64, 64, 1}, 1, 40);
  EddyWriter w = io_case_writer(PETSC_COMM_WORLD, plain);
  CK_PETSC(w->ops->Open(w, &c.plan));
  CK_PETSC(io_case_write(&c, w, 0, 5));
  signal(SIGXFSZ, SIG_IGN);
  ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
  small = limit;
  small.rlim_cur = 200000;
  ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &small), 0);
  eddy_test_expect_errors(PETSC_TRUE);
  const PetscErrorCode ierr = io_case_write(&c, w, 5, 40);
  (void)w->ops->Close(w, PETSC_FALSE);
  eddy_test_expect_errors(PETSC_FALSE);
  ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
  ck_assert_int_eq(ierr, EDDY_ERR_IO);
  ck_assert(w->frames_done >= 5 && w->frames_done < 40);
  MPI_Barrier(PETSC_COMM_WORLD);
  if (!world_rank())
    ck_assert_int_eq(wrong_values(part, &c), 0);
  CK_PETSC(EddyWriterDestroy(&w));
}
END_TEST

/* No room for the file: said before the run starts, nothing is left behind. */
START_TEST(test_disk_full_at_open)
{
  const char *folder = eddy_test_folder(PETSC_COMM_WORLD);
  char path[512];
  struct rlimit limit, small;
  IoCase c;
  snprintf(path, sizeof path, "%s/set", folder);
  io_case_make(&c, PETSC_COMM_WORLD, path, 2, (PetscInt[3]){64, 64, 1}, 1, 40);
  EddyWriter w = io_case_writer(PETSC_COMM_WORLD, plain);
  signal(SIGXFSZ, SIG_IGN);
  ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
  small = limit;
  small.rlim_cur = 1000000;
  ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &small), 0);
  eddy_test_expect_errors(PETSC_TRUE);
  const PetscErrorCode ierr = w->ops->Open(w, &c.plan);
  eddy_test_expect_errors(PETSC_FALSE);
  ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
  ck_assert_int_eq(ierr, EDDY_ERR_IO);
  CK_PETSC(EddyWriterDestroy(&w));
  if (!world_rank())
    ck_assert_int_eq(rmdir(folder), 0);
}
END_TEST

EDDY_SUITE("h5", test_read_back, test_structure, test_boundaries, test_same_bytes, test_resume,
           test_resume_other_case, test_failed_row, test_disk_full, test_disk_full_at_open)
