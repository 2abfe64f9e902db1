/* SPDX-License-Identifier: BSD-3-Clause */
/* test: fast; ranks 1 2 3 4 */
/* The same bits on any number of ranks: each case is run on all ranks together and on every rank alone, with both kinds of redistribution; grids that do
   not divide, and ranks without rows or modes. */
#include "solver.h"
#include <string.h>

static const char *const cases[] = {
    "mesh: {type: box, n: [64, 48], upper: [2pi, 2pi]}\nphysics: {type: ns2d, nu: 1e-3, beta: 1, "
    "tracers: [a, b], forcing: {list: [f, g], f: {type: kolmogorov, k: 4}, g: {type: "
    "ring}}}\ninitial: {type: filtered_noise}\n",
    "mesh: {type: box, n: [16, 12], upper: [2pi, 2pi]}\nphysics: {type: ns2d}\ninitial: {type: "
    "filtered_noise}\n",
    "mesh: {type: box, n: [35, 21], upper: [2pi, 1]}\nphysics: {type: ns2d}\ninitial: {type: "
    "mcwilliams}\ndisc: {dealias: three_halves}\n",
    "mesh: {type: box, n: [40, 30], upper: [2pi, 2pi]}\nphysics: {type: allen_cahn}\ninitial: "
    "{type: grf}\n",
    "mesh: {type: box, n: [24, 72], upper: [2pi, 2pi]}\nphysics: {type: burgers}\ninitial: "
    "{type: filtered_noise}\n",
    "mesh: {type: box, n: [60], upper: [2pi]}\nphysics: {type: kdv}\ninitial: {type: "
    "filtered_noise}\n",
    "mesh: {type: box, n: [96], upper: [64]}\nphysics: {type: ks}\ninitial: {type: sine_series}\n",
};
static const char *const exchanges[] = {"shared", "alltoall"};

typedef struct {
  double *field[4];
  PetscInt n[4], count;
  double energy[32], spectrum;
  PetscInt ndiag;
} Result;

static Result Run(MPI_Comm comm, const char *yaml, const char *exchange)
{
  Result r = {0};
  char text[1024];
  const char *names[32];
  const double *ek;
  PetscInt nk;
  PetscReal rate;
  snprintf(text, sizeof text, "%s%s", yaml,
           strstr(yaml, "disc:") ? "" : "disc: {type: spectral}\n");
  EddyOptions unused = NULL;
  (void)unused;
  char *at = strstr(text, "disc: {") + strlen("disc: {");
  char tail[256];
  snprintf(tail, sizeof tail, "%s", at);
  snprintf(at, sizeof text - (size_t)(at - text), "exchange: %s, %s", exchange, tail);
  Solver s = eddy_test_solver(comm, text, NULL);
  eddy_test_advance(&s, .02, 10);
  CK_PETSC(s.d->ops->Diagnostics(s.d, &s.st, s.u, 32, names, r.energy, &r.ndiag));
  CK_PETSC(s.d->ops->Spectrum(s.d, s.u, &ek, &nk));
  r.spectrum = ek[nk / 2];
  CK_PETSC(s.d->ops->Courant(s.d, &s.st, s.u, &rate));
  r.energy[r.ndiag++] = rate;
  for (PetscInt c = 0; c < s.p->ncomp; ++c)
    r.field[r.count++] = eddy_test_field(&s, NULL, s.p->comp[c], &r.n[c]);
  if (s.p->ops->Velocity) {
    const EddyFilter filter = {.kind = EDDY_FILTER_GAUSSIAN, .n = {8, 6, 1}, .width = 2};
    r.field[r.count] = eddy_test_field(&s, &filter, "subgrid_forcing", &r.n[r.count]);
    ++r.count;
  }
  eddy_test_solver_end(&s);
  return r;
}

static void End(Result *r)
{
  for (PetscInt i = 0; i < r->count; ++i)
    CK_PETSC(PetscFree(r->field[i]));
}

START_TEST(test_equal)
{
  for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i)
    for (int e = 0; e < 2; ++e) {
      Result alone = Run(PETSC_COMM_SELF, cases[i], "auto"),
             all = Run(PETSC_COMM_WORLD, cases[i], exchanges[e]);
      int same = alone.count == all.count && alone.ndiag == all.ndiag &&
                 !memcmp(alone.energy, all.energy, (size_t)all.ndiag * sizeof(double)) &&
                 alone.spectrum == all.spectrum;
      for (PetscInt f = 0; same && f < all.count; ++f)
        same = !memcmp(alone.field[f], all.field[f], (size_t)all.n[f] * sizeof(double));
      MPI_Allreduce(MPI_IN_PLACE, &same, 1, MPI_INT, MPI_MIN, PETSC_COMM_WORLD);
      ck_assert_msg(same, "case %d, %s: not the same bits", (int)i, exchanges[e]);
      End(&alone);
      End(&all);
    }
}
END_TEST

EDDY_SUITE("ranks", test_equal)
