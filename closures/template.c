/* SPDX-License-Identifier: BSD-3-Clause */
/* A closure outside the program, to copy. An eddy viscosity with memory:

     nu_e = (C Delta)^2 (|S| + |S_before|) / 2,  |S|^2 = 2 S_ij S_ij averaged over the point and its four neighbours,

   S_before is the strain one step ago. arguments: C (0.1 when left out).

     cc -O2 -shared -fPIC $(pkg-config --cflags eddyline) template.c -o template.so -lm
     closure: {list: [c], c: {type: plugin, library: ./template.so, arguments: "0.15"}} */
#include "closure_plugin.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct {
  double scale; /* (C Delta)^2 */
} Self;

static void *create(const char *arguments, const EddyPluginBox *box)
{
  double c = .1, cell = 1;
  char rest;
  if (arguments[0] && (sscanf(arguments, "%lf %c", &c, &rest) != 1 || c < 0))
    return NULL;
  for (int d = 0; d < box->dim; ++d)
    cell *= (box->upper[d] - box->lower[d]) / box->n[d];
  Self *self = malloc(sizeof *self);
  if (self)
    self->scale = c * c * pow(cell, 2. / box->dim);
  return self;
}

/* S:S at point (i, j) of a block in two dimensions. */
static double square(const EddyPluginBlock *b, int i, int j)
{
  const size_t nx = (size_t)b->count[0] + 2 * (size_t)b->halo,
               ny = (size_t)b->count[1] + 2 * (size_t)b->halo;
  double sum = 0;
  for (int c = 0; c < b->ncomp; ++c) {
    const double s = b->data[((size_t)c * ny + (size_t)(j + b->halo)) * nx + (size_t)(i + b->halo)];
    sum += s * s;
  }
  return sum;
}

static double magnitude(const EddyPluginBlock *b, int i, int j)
{
  return sqrt(2 *
              (square(b, i, j) + square(b, i - 1, j) + square(b, i + 1, j) + square(b, i, j - 1) +
               square(b, i, j + 1)) /
              5);
}

static int apply(void *self, const EddyPluginStage *s, const EddyPluginBlock *in,
                 const EddyPluginBlock *state, EddyPluginBlock *out)
{
  const Self *me = self;
  for (int j = 0; j < out->count[1]; ++j)
    for (int i = 0; i < out->count[0]; ++i)
      out->data[(size_t)j * (size_t)out->count[0] + (size_t)i] +=
          me->scale * .5 * (magnitude(&in[0], i, j) + magnitude(&in[1], i, j));
  return 0;
}

static const char *const needs[] = {"strain", NULL};
static const int components[] = {4};
static const EddyPlugin plugin = {.abi = EDDY_PLUGIN_ABI,
                                  .name = "template",
                                  .target = "eddy_viscosity",
                                  .halo = 1,
                                  .needs = needs,
                                  .need_ncomp = components,
                                  .out_ncomp = 1,
                                  .nhistory = 1,
                                  .history_every = 1,
                                  .create = create,
                                  .destroy = free,
                                  .apply = apply};

const EddyPlugin *eddy_plugin_entry(void) { return &plugin; }
