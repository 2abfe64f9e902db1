/* SPDX-License-Identifier: BSD-3-Clause */
/* A made-up run for the writer tests: fields with known values at every (row, frame, point,
   component), cut into slabs in y (2-D) or z (3-D); with more ranks than planes some ranks hold
   nothing. */
#ifndef EDDY_IO_CASE_H
#define EDDY_IO_CASE_H
#include "support.h"
#include "writer.h"

enum { CASE_FIELDS = 3, CASE_MAX_FRAMES = 512, CASE_MAX_ROWS = 16 };

typedef struct {
  EddyWriterPlan plan;
  EddyBlock fields[CASE_FIELDS];
  EddyParameter parameter;
  double nu[CASE_MAX_ROWS];
  PetscInt64 row[CASE_MAX_ROWS];
  PetscReal times[CASE_MAX_FRAMES];
} IoCase;

static inline double io_case_value(PetscInt field, PetscInt traj, PetscInt frame,
                                   const PetscInt x[3], PetscInt comp)
{
  return 1000.0 * (double)(traj + 1) + 10.0 * (double)frame + 0.1 * (double)field +
         (double)comp / 3 + 1e-2 * (double)x[0] + 3e-4 * (double)x[1] + 7e-6 * (double)x[2];
}

/* Fields: a scalar, a vector, a symmetric tensor. path and comm are borrowed. */
static inline void io_case_make(IoCase *c, MPI_Comm comm, const char *path, PetscInt dim,
                                const PetscInt n[3], PetscInt rows, PetscInt frames)
{
  static const char *const names[CASE_FIELDS] = {"vorticity", "velocity", "subgrid_stress"};
  *c = (IoCase){.plan = {.comm = comm,
                         .path = path,
                         .dataset_name = "made_up",
                         .ntrajectories = rows,
                         .nframes = frames,
                         .nfield = CASE_FIELDS,
                         .nparameter = 1,
                         .provenance = "physics_nu: 0.001\nseed: 7\n"}};
  c->plan.box.dim = dim;
  for (PetscInt d = 0; d < 3; ++d) {
    c->plan.n[d] = c->plan.box.n[d] = d < dim ? n[d] : 1;
    c->plan.box.lower[d] = d < dim ? -0.1 : 0, c->plan.box.upper[d] = d < dim ? 2 * PETSC_PI : 1;
    c->plan.box.periodic[d] = PETSC_TRUE;
  }
  for (PetscInt k = 0, ncomp = 1; k < CASE_FIELDS; ++k, ncomp *= dim) {
    c->fields[k] = (EddyBlock){.rank = k,
                               .dim = dim,
                               .ncomp = ncomp,
                               .where = EDDY_WHERE_NODE,
                               .unit = "1/s",
                               .symmetry = k == 2 ? EDDY_SYM_SYMMETRIC : EDDY_SYM_NONE};
    snprintf(c->fields[k].name, EDDY_MAX_NAME, "%s", names[k]);
  }
  for (PetscInt i = 0; i < rows; ++i)
    c->row[i] = 40 + i, c->nu[i] = 1e-3 / (double)(i + 3);
  for (PetscInt i = 0; i < frames; ++i)
    c->times[i] = 0.07 * (double)i;
  snprintf(c->parameter.name, EDDY_MAX_NAME, "physics_nu");
  c->parameter.values = c->nu;
  c->plan.fields = c->fields, c->plan.parameters = &c->parameter, c->plan.row = c->row,
  c->plan.times = c->times;
}

/* Blocks of one record on this rank; free with io_case_free. */
static inline void io_case_blocks(const IoCase *c, PetscInt traj, PetscInt frame,
                                  EddyBlock blocks[CASE_FIELDS])
{
  int rank, size;
  const PetscInt dim = c->plan.box.dim, cut = dim - 1;
  MPI_Comm_rank(c->plan.comm, &rank);
  MPI_Comm_size(c->plan.comm, &size);
  for (PetscInt k = 0; k < CASE_FIELDS; ++k) {
    EddyBlock *b = &blocks[k];
    size_t i = 0;
    *b = c->fields[k];
    for (PetscInt d = 0; d < 3; ++d)
      b->n[d] = b->count[d] = c->plan.n[d], b->start[d] = 0;
    b->start[cut] = b->n[cut] * rank / size;
    b->count[cut] = b->n[cut] * (rank + 1) / size - b->start[cut];
    CK_PETSC(
        PetscMalloc1((size_t)b->ncomp * b->count[0] * b->count[1] * b->count[2] + 1, &b->data));
    for (PetscInt q = 0; q < b->ncomp; ++q)
      for (PetscInt z = 0; z < b->count[2]; ++z)
        for (PetscInt y = 0; y < b->count[1]; ++y)
          for (PetscInt x = 0; x < b->count[0]; ++x) {
            const PetscInt at[3] = {b->start[0] + x, b->start[1] + y, b->start[2] + z};
            b->data[i++] = io_case_value(k, traj, frame, at, q);
          }
  }
}

static inline void io_case_free(EddyBlock blocks[CASE_FIELDS])
{
  for (PetscInt k = 0; k < CASE_FIELDS; ++k)
    CK_PETSC(PetscFree(blocks[k].data));
}

/* Hands frames [from, to) in the order (row, frame) to an open writer. */
static inline PetscErrorCode io_case_write(const IoCase *c, EddyWriter w, PetscInt64 from,
                                           PetscInt64 to)
{
  PetscErrorCode ierr = 0;
  for (PetscInt64 p = from; p < to && !ierr; ++p) {
    EddyBlock blocks[CASE_FIELDS];
    const PetscInt traj = (PetscInt)(p / c->plan.nframes), frame = (PetscInt)(p % c->plan.nframes);
    const EddyRecord r = {.trajectory = traj,
                          .frame = frame,
                          .row = c->row[traj],
                          .step = 20 * frame,
                          .t = c->times[frame],
                          .seed = UINT64_C(0xfedcba9876543210) + (uint64_t)traj,
                          .nblock = CASE_FIELDS,
                          .blocks = blocks};
    io_case_blocks(c, traj, frame, blocks);
    ierr = w->ops->Write(w, &r);
    io_case_free(blocks);
  }
  return ierr;
}

static inline EddyWriter io_case_writer(MPI_Comm comm, const char *yaml)
{
  EddyWriter w = NULL;
  EddyOptions o = eddy_test_options(comm, yaml);
  CK_PETSC(EddyWriterCreate(comm, o, "set", &w));
  CK_PETSC(EddyOptionsDestroy(&o));
  return w;
}
#endif
