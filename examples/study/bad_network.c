/* SPDX-License-Identifier: BSD-3-Clause */
/* A network gone wrong, as a plug-in: at each evaluation about one point in a hundred, at random, is NaN, infinite or +-1e30; all others are
   noise(step) times the vorticity, which feeds energy half of the time. examples/study_bad_network.sh runs it. */
#include "closure_plugin.h"
#include <math.h>
#include <stdint.h>

/* 64 random bits of a counter (SplitMix64) */
static uint64_t bits(uint64_t x)
{
  x += UINT64_C(0x9E3779B97F4A7C15);
  x = (x ^ (x >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
  x = (x ^ (x >> 27)) * UINT64_C(0x94D049BB133111EB);
  return x ^ (x >> 31);
}

static int apply(void *self, const EddyPluginStage *s, const EddyPluginBlock *in,
                 const EddyPluginBlock *state, EddyPluginBlock *out)
{
  const double wrong[] = {NAN, INFINITY, -INFINITY, 1e30, -1e30};
  const uint64_t now = bits((uint64_t)s->step * 8 + (uint64_t)s->stage);
  const double noise = 4 * ((double)(now >> 11) * 0x1p-53 - .5); /* -2 to 2 */
  for (int j = 0; j < out->count[1]; ++j)
    for (int i = 0; i < out->count[0]; ++i) {
      const int at = j * out->count[0] + i;
      const uint64_t r =
          bits(now ^ ((uint64_t)(out->start[1] + j) * (uint64_t)out->n[0] + (uint64_t)i));
      out->data[at] += r % 100 ? noise * in[0].data[at] : wrong[r / 100 % 5];
    }
  return 0;
}

static const char *const needs[] = {"vorticity", 0};
static const EddyPlugin plugin = {.abi = EDDY_PLUGIN_ABI,
                                  .name = "bad_network",
                                  .target = "subgrid_forcing",
                                  .needs = needs,
                                  .apply = apply};

const EddyPlugin *eddy_plugin_entry(void) { return &plugin; }
