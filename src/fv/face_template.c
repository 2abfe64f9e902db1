/* SPDX-License-Identifier: BSD-3-Clause */
/* A boundary condition outside the program, to copy: a parabolic inflow in two dimensions that starts smoothly,

     u_n = -U (1 - s^2) min(t/T, 1),  s from -1 to 1 along the face,

   with no flow along the face and everything else as inside. arguments: U and T ("1 0" when left out).

     cc -O2 -shared -fPIC $(pkg-config --cflags eddyline) face_template.c -o inlet.so -lm
     boundary: {xmin: {type: plugin, library: ./inlet.so, arguments: "1.5 0.2"}} */
#include "face_plugin.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  double speed, start;
  EddyFacePluginInfo info;
  int velocity; /* first component of the velocity */
} Self;

static void *create(const char *arguments, const EddyFacePluginInfo *info)
{
  double speed = 1, start = 0;
  char rest;
  if (info->dim != 2 ||
      (arguments[0] && sscanf(arguments, "%lf %lf %c", &speed, &start, &rest) != 2))
    return NULL;
  Self *self = malloc(sizeof *self);
  if (!self)
    return NULL;
  *self = (Self){.speed = speed, .start = start, .info = *info, .velocity = -1};
  for (int c = 0; c < info->nprim; ++c)
    if (!strcmp(info->prim[c], "velocity_x"))
      self->velocity = c;
  if (self->velocity < 0) {
    free(self);
    return NULL;
  }
  return self;
}

static int state(void *data, const EddyFacePluginPoint *p, double *ghost)
{
  const Self *self = data;
  const int along = 1 - self->info.direction;
  const double lower = self->info.lower[along], upper = self->info.upper[along];
  const double s = (2 * p->x[along] - lower - upper) / (upper - lower);
  const double ramp = p->t < self->start ? p->t / self->start : 1;
  for (int d = 0; d < 2; ++d)
    ghost[self->velocity + d] = -p->normal[d] * self->speed * (1 - s * s) * ramp;
  return 0;
}

static const EddyFacePlugin plugin = {.abi = EDDY_FACE_PLUGIN_ABI,
                                      .name = "parabolic_inflow",
                                      .create = create,
                                      .destroy = free,
                                      .state = state};

const EddyFacePlugin *eddy_face_plugin_entry(void) { return &plugin; }
