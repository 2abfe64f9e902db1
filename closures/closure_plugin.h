/* SPDX-License-Identifier: BSD-3-Clause */
/* Closures from outside the program: a shared library with one function, chosen by

     closure: {list: [c], c: {type: plugin, library: ./mine.so, arguments: "0.1 3"}}

   Nothing else is needed: no PETSc, no MPI.   cc -shared -fPIC $(pkg-config --cflags eddyline) mine.c -o mine.so
   closures/template.c is one to copy. The targets and what is made of them: closures/closure.h. */
#ifndef EDDY_CLOSURE_PLUGIN_H
#define EDDY_CLOSURE_PLUGIN_H
#include <stddef.h>

#define EDDY_PLUGIN_ABI 1
#define EDDY_PLUGIN_SYMBOL "eddy_plugin_entry"

/* Values of this rank: data is [ncomp][nz + 2 hz][ny + 2 hy][nx + 2 hx] with n = count, x fastest, h = halo in used directions.
   Component i dim + j of a tensor is row i, column j. count may be 0 in y. */
typedef struct {
  int dim, ncomp, halo;
  int n[3], start[3], count[3]; /* global extents, first point and extent of this rank */
  double *data;
} EddyPluginBlock;

typedef struct {
  double t, dt;
  long long step; /* accepted steps so far */
  int stage;
  unsigned long long seed, row, attempt;
  /* sum[q] over all points of all ranks, the same bits on any number of them: row[q][j] is the sum over row j (of count[1]
     count[2]) of this rank. Every rank calls it, also without rows. */
  void (*sum)(void *solver, int nq, const double *row, double *sum);
  void *solver;
} EddyPluginStage;

typedef struct {
  int dim, n[3];
  double lower[3], upper[3];
} EddyPluginBox;

typedef struct {
  int abi; /* EDDY_PLUGIN_ABI */
  const char *name, *target;
  int halo;
  const char *const *needs;    /* derived fields, NULL-terminated */
  const int *need_ncomp;       /* components expected of each, NULL: any */
  int out_ncomp;               /* components it writes, 0: what the target has */
  int nhistory, history_every; /* past inputs, one every so many steps */
  int nstate; /* components of its own state on the points of this rank; zero at the start, in checkpoints */
  /* arguments: text of the case, "" when none. NULL on failure. May be left out. */
  void *(*create)(const char *arguments, const EddyPluginBox *box);
  void (*destroy)(void *self);
  /* Adds to out. in: one block per need, then the same for each past input, newest first; ghosts are filled. state may be read.
     Called on every rank. 0 when all is well. */
  int (*apply)(void *self, const EddyPluginStage *s, const EddyPluginBlock *in,
               const EddyPluginBlock *state, EddyPluginBlock *out);
  /* After an accepted step; the only place where state changes. May be left out. */
  int (*commit)(void *self, const EddyPluginStage *s, EddyPluginBlock *state);
} EddyPlugin;

/* The one symbol of the library. */
const EddyPlugin *eddy_plugin_entry(void);
#endif
