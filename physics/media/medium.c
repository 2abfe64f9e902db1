/* SPDX-License-Identifier: BSD-3-Clause */
#include "medium.h"
#include "random.h"
#include <math.h>
#include <string.h>

static const char *const names[] = {"constant", "layers", "gaussians", "inclusions", "maze"};
static const char *const axes[] = {"x", "y", "z"};
enum { STREAM = 0x4d }; /* of the generator; starts and forcings have others */

typedef struct {
  PetscReal range[2], background[2], size[2];
  PetscInt number[2], domains;
  PetscBool corners, mixed;
  EddyRandomKey key;
} Draws;

static PetscReal Uniform(const Draws *d, PetscInt item, int draw, const PetscReal range[2])
{
  const uint32_t counter[4] = {(uint32_t)item, (uint32_t)draw, 0, 0};
  double v[2];
  EddyRandomUniform2(&d->key, counter, v);
  return range[0] + v[0] * (range[1] - range[0]);
}

static PetscInt Number(const Draws *d)
{
  const PetscReal one[2] = {0, 1};
  const PetscInt span = d->number[1] - d->number[0] + 1;
  return d->number[0] + PetscMin(span - 1, (PetscInt)(Uniform(d, 0, 0, one) * (PetscReal)span));
}

/* ---- layers ---- */

static PetscErrorCode LayersCreate(EddyOptions o, const EddyBox *box, const Draws *d,
                                   PetscInt given, PetscInt values, PetscInt densities,
                                   EddyMedium *m)
{
  const int e = (int)m->direction;

  PetscFunctionBeginUser;
  EddyOptionsCheck(values == (given ? given + 1 : 0), o, "physics_medium_values",
                   "has %d entries, %d layers need as many", (int)values, (int)given + 1);
  m->n = given;
  m->own_density = (PetscBool)(densities > 0);
  EddyOptionsCheck(!densities || (densities == values && m->bulk == 0), o,
                   "physics_medium_densities",
                   "must have as many entries as physics_medium_values, without a bulk modulus");
  if (given)
    for (PetscInt i = 1; i < given; ++i)
      EddyOptionsCheck(m->place[i] > m->place[i - 1], o, "physics_medium_interfaces",
                       "must rise from entry to entry");
  else {
    const PetscReal ends[2] = {box->lower[e], box->upper[e]};
    EddyOptionsCheck(d->number[0] >= 1, o, "physics_medium_number", "must be at least 1");
    m->n = Number(d) - 1;
    for (PetscInt i = 0; i <= m->n; ++i)
      m->value[i] = Uniform(d, i, 1, d->range);
    for (PetscInt i = 0; i < m->n; ++i) { /* sorted while they come */
      PetscReal x = Uniform(d, i, 2, ends);
      for (PetscInt j = 0; j < i; ++j)
        if (x < m->place[j]) {
          const PetscReal t = m->place[j];
          m->place[j] = x;
          x = t;
        }
      m->place[i] = x;
    }
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* ---- Gaussians and inclusions ---- */

static void BlobsCreate(const EddyBox *box, const Draws *d, EddyMedium *m)
{
  const PetscBool ellipse = (PetscBool)(m->type == EDDY_MEDIUM_INCLUSIONS);
  const PetscReal turn[2] = {-PETSC_PI / 4, PETSC_PI / 4},
                  logs[2] = {log(d->range[0]), log(d->range[1])};
  PetscReal least = PETSC_MAX_REAL;
  for (int e = 0; e < (int)m->dim; ++e)
    least = PetscMin(least, EddyBoxLength(box, e));
  m->n = Number(d);
  for (PetscInt i = 0; i < m->n; ++i) {
    EddyMediumBlob *b = &m->blob[i];
    const PetscReal angle = Uniform(d, i, 10, turn);
    for (int e = 0; e < (int)m->dim; ++e) {
      const PetscReal keep = d->mixed ? .025 * EddyBoxLength(box, e) : 0,
                      ends[2] = {box->lower[e] + keep, box->upper[e] - keep};
      b->centre[e] = Uniform(d, i, 4 + e, ends);
      b->axis[e] = ellipse ? .5 * Uniform(d, i, 7 + e, d->size) : least * Uniform(d, i, 7, d->size);
    }
    b->co = cos(angle);
    b->si = m->dim > 1 ? sin(angle) : 0;
    b->value = ellipse ? exp(Uniform(d, i, 1, logs)) : Uniform(d, i, 1, d->range);
  }
}

static void NoiseCreate(const Draws *d, PetscInt item, PetscReal length, EddyMediumPart *p)
{
  static const PetscReal cells[2] = {5, 10};
  const PetscReal s = Uniform(d, item, 28, cells), k = 256 / (s * length * PETSC_SQRT2);
  p->size = sqrt(2. / EDDY_PART_WAVES) / (2 * sqrt(PETSC_PI) * s);
  for (int w = 0; w < EDDY_PART_WAVES; ++w) {
    double v[2];
    for (int e = 0; e < 3; ++e) {
      const uint32_t counter[4] = {(uint32_t)(EDDY_PART_WAVES * item + w), (uint32_t)(40 + e), 0,
                                   0};
      EddyRandomNormal2(&d->key, counter, v);
      p->wave[w][e] = k * v[0];
    }
    const uint32_t counter[4] = {(uint32_t)(EDDY_PART_WAVES * item + w), 43, 0, 0};
    EddyRandomUniform2(&d->key, counter, v);
    p->phase[w] = 2 * PETSC_PI * v[0];
  }
}

static void BackgroundCreate(const EddyBox *box, const Draws *d, PetscBool turned, EddyMedium *m)
{
  static const PetscReal one[2] = {0, 1}, spread[2] = {.1, 5};
  if (d->mixed && m->dim > 1 && !turned)
    m->direction = Uniform(d, 0, 22, one) < .5;
  const int e = (int)m->direction;
  const PetscReal keep = d->mixed ? .1 * EddyBoxLength(box, e) : 0,
                  ends[2] = {box->lower[e] + keep, box->upper[e] - keep};
  m->split = d->domains > 1 ? Uniform(d, 0, 21, ends) : PETSC_MAX_REAL;
  for (int side = 0; side < 2; ++side) {
    EddyMediumPart *p = &m->part[side];
    PetscReal half = .5 * EddyBoxLength(box, 0);
    for (int q = 0; q < 3; ++q) {
      p->lower[q] = box->lower[q];
      p->upper[q] = box->upper[q];
    }
    p->kind = d->corners ? EDDY_PART_CORNERS : EDDY_PART_CONSTANT;
    if (d->mixed) {
      p->kind = (EddyPart)PetscMin(3, (int)(4 * Uniform(d, side, 23, one)));
      if (m->split < PETSC_MAX_REAL)
        *(side ? &p->lower[e] : &p->upper[e]) = m->split;
    }
    for (int q = 0; q < 4; ++q)
      p->corner[q] = Uniform(d, d->corners || d->mixed ? 4 * side + q : side, 20, d->background);
    p->base = p->corner[0];
    p->rise = p->corner[1] - p->base;
    p->spread = half * half * Uniform(d, side, 24, spread);
    for (int q = 0; q < (int)m->dim; ++q) {
      const PetscReal within[2] = {p->lower[q], p->upper[q]};
      p->centre[q] = Uniform(d, side, 25 + q, within);
    }
    NoiseCreate(d, side, 2 * half, p);
  }
}

static PetscReal Background(const EddyMedium *m, const PetscReal x[3])
{
  const EddyMediumPart *p = &m->part[x[m->direction] >= m->split];
  PetscReal s = 0;
  if (p->kind == EDDY_PART_CORNERS) {
    const PetscReal *c = p->corner, a = (x[0] - p->lower[0]) / (p->upper[0] - p->lower[0]),
                    b = m->dim > 1 ? (x[1] - p->lower[1]) / (p->upper[1] - p->lower[1]) : 0;
    return (1 - b) * ((1 - a) * c[0] + a * c[1]) + b * ((1 - a) * c[2] + a * c[3]);
  }
  if (p->kind == EDDY_PART_BUMP) {
    for (int e = 0; e < (int)m->dim; ++e)
      s += (x[e] - p->centre[e]) * (x[e] - p->centre[e]);
    return p->base + p->rise * exp(-s / p->spread);
  }
  for (int w = 0; p->kind == EDDY_PART_NOISE && w < EDDY_PART_WAVES; ++w) {
    PetscReal phase = p->phase[w];
    for (int e = 0; e < (int)m->dim; ++e)
      phase += p->wave[w][e] * x[e];
    s += cos(phase);
  }
  return p->base + p->size * s;
}

/* ---- maze: rooms at odd places, opened by a depth-first walk from the first ---- */

static void MazeCreate(const Draws *d, EddyMedium *m)
{
  static const int way[4][2] = {{1, 0}, {-1, 0}, {0, 1}, {0, -1}};
  const PetscReal one[2] = {0, 1};
  PetscInt path[EDDY_MEDIUM_MAX * EDDY_MEDIUM_MAX][2], length = 1, step = 0;
  m->n = Number(d);
  path[0][0] = path[0][1] = 0;
  m->open[1][1] = 1;
  m->open[0][1] = m->open[2 * m->n][2 * m->n - 1] = 1;
  for (; length; ++step) {
    const PetscInt x = path[length - 1][0], y = path[length - 1][1];
    int order[4] = {0, 1, 2, 3};
    PetscBool moved = PETSC_FALSE;
    for (int q = 3; q > 0; --q) { /* any of the 24 orders */
      const int with = PetscMin(q, (int)((q + 1) * Uniform(d, step, 30 + q, one))), o = order[q];
      order[q] = order[with];
      order[with] = o;
    }
    for (int q = 0; q < 4 && !moved; ++q) {
      const int *w = way[order[q]];
      const PetscInt u = x + w[0], v = y + w[1];
      if (u < 0 || v < 0 || u >= m->n || v >= m->n || m->open[2 * v + 1][2 * u + 1])
        continue;
      m->open[2 * v + 1][2 * u + 1] = m->open[2 * y + 1 + w[1]][2 * x + 1 + w[0]] = 1;
      path[length][0] = u;
      path[length++][1] = v;
      moved = PETSC_TRUE;
    }
    length -= moved ? 0 : 1;
  }
}

static PetscReal Maze(const EddyMedium *m, const PetscReal x[3])
{
  PetscInt at[2];
  for (int e = 0; e < 2; ++e) {
    const PetscInt width = 2 * m->n + 1;
    const PetscReal s = (x[e] - m->lower[e]) / (m->upper[e] - m->lower[e]);
    at[e] = PetscMax(0, PetscMin(width - 1, (PetscInt)(s * (PetscReal)width)));
  }
  return m->value[m->open[at[1]][at[0]] ? 0 : 1];
}

/* ---- all ---- */

static PetscInt LayerAt(const EddyMedium *m, const PetscReal x[3])
{
  PetscInt i = 0;
  while (i < m->n && x[m->direction] >= m->place[i])
    ++i;
  return i;
}

/* Square of the distance from the middle of a blob, in its axes. */
static PetscReal Distance(const EddyMedium *m, const EddyMediumBlob *b, const PetscReal x[3])
{
  PetscReal r[3] = {0, 0, 0}, s = 0;
  for (int e = 0; e < (int)m->dim; ++e)
    r[e] = x[e] - b->centre[e];
  if (m->type == EDDY_MEDIUM_INCLUSIONS) {
    const PetscReal along = b->co * r[0] + b->si * r[1];
    r[1] = b->co * r[1] - b->si * r[0];
    r[0] = along;
  }
  for (int e = 0; e < (int)m->dim; ++e)
    s += r[e] * r[e] / (b->axis[e] * b->axis[e]);
  return s;
}

PetscBool EddyMediumInside(const EddyMedium *m, const PetscReal x[3])
{
  for (PetscInt i = 0; m->type == EDDY_MEDIUM_INCLUSIONS && i < m->n; ++i)
    if (Distance(m, &m->blob[i], x) < 1)
      return PETSC_TRUE;
  return PETSC_FALSE;
}

static PetscReal Value(const EddyMedium *m, const PetscReal x[3])
{
  PetscReal v;
  switch (m->type) {
  case EDDY_MEDIUM_LAYERS:
    return m->value[LayerAt(m, x)];
  case EDDY_MEDIUM_MAZE:
    return Maze(m, x);
  default:
    v = Background(m, x);
    for (PetscInt i = 0; i < m->n; ++i) {
      const PetscReal s = Distance(m, &m->blob[i], x);
      if (m->type == EDDY_MEDIUM_GAUSSIANS)
        v += m->blob[i].value * exp(-.5 * s);
      else if (s < 1)
        v = m->blob[i].value;
    }
    return v;
  }
}

void EddyMediumAt(const EddyMedium *m, const PetscReal x[3], PetscReal *density, PetscReal *speed)
{
  const PetscBool constant = (PetscBool)(m->type == EDDY_MEDIUM_CONSTANT);
  const PetscReal v = constant ? (m->bulk > 0 ? m->density : m->speed) : Value(m, x);
  *density = m->bulk > 0 ? v : m->own_density ? m->layer_density[LayerAt(m, x)] : m->density;
  *speed = m->bulk > 0 ? sqrt(m->bulk / v) : v;
}

/* Defaults by type: those of the sets named in docs/physics/acoustics.md. */
static void Defaults(PetscInt type, Draws *d, EddyMedium *m)
{
  static const Draws table[EDDY_MEDIUM_COUNT] = {
      [EDDY_MEDIUM_CONSTANT] = {{1, 1}, {1, 1}, {1, 1}, {1, 1}, 1, PETSC_FALSE, PETSC_FALSE, {0}},
      [EDDY_MEDIUM_LAYERS] =
          {{2000, 5000}, {1, 1}, {1, 1}, {3, 6}, 1, PETSC_FALSE, PETSC_FALSE, {0}},
      [EDDY_MEDIUM_GAUSSIANS] =
          {{1000, 2500}, {1500, 2500}, {.05, .15}, {4, 4}, 1, PETSC_FALSE, PETSC_FALSE, {0}},
      [EDDY_MEDIUM_INCLUSIONS] = {{0.36787944117144233, 22026.465794806718},
                                  {1, 7},
                                  {.05, .6},
                                  {1, 15},
                                  2,
                                  PETSC_FALSE,
                                  PETSC_FALSE,
                                  {0}},
      [EDDY_MEDIUM_MAZE] = {{1, 1}, {1, 1}, {1, 1}, {3, 8}, 1, PETSC_FALSE, PETSC_FALSE, {0}},
  };
  *d = table[type];
  if (type == EDDY_MEDIUM_MAZE) {
    m->value[0] = 3;
    m->value[1] = 1e6;
  }
}

static PetscErrorCode ReadRange(EddyOptions o, const char *key, const char *what, const char *unit,
                                PetscReal v[2])
{
  PetscFunctionBeginUser;
  PetscCall(EddyOptionsReals(o, key, what, unit, 2, 0, PETSC_MAX_REAL, v, NULL));
  EddyOptionsCheck(v[0] > 0 && v[1] >= v[0], o, key,
                   "must be two positive numbers, the second not less than the first");
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* What the type of the medium has no use for. */
static PetscErrorCode Idle(EddyOptions o, const EddyMedium *m, PetscInt domains, PetscInt given)
{
  const PetscBool constant = (PetscBool)(m->type == EDDY_MEDIUM_CONSTANT),
                  layers = (PetscBool)(m->type == EDDY_MEDIUM_LAYERS),
                  maze = (PetscBool)(m->type == EDDY_MEDIUM_MAZE),
                  blobs = (PetscBool)(m->type == EDDY_MEDIUM_GAUSSIANS ||
                                      m->type == EDDY_MEDIUM_INCLUSIONS),
                  fixed = (PetscBool)(constant || (layers && given));

  PetscFunctionBeginUser;
  PetscCall(EddyOptionsIdle(o, fixed, "physics_medium_seed physics_medium_number"));
  PetscCall(EddyOptionsIdle(o, (PetscBool)(!layers && !(blobs && domains > 1)),
                            "physics_medium_direction"));
  PetscCall(
      EddyOptionsIdle(o, (PetscBool)!layers, "physics_medium_interfaces physics_medium_densities"));
  PetscCall(EddyOptionsIdle(o, (PetscBool)(!layers && !maze), "physics_medium_values"));
  PetscCall(EddyOptionsIdle(o, (PetscBool)(fixed || maze), "physics_medium_range"));
  PetscCall(EddyOptionsIdle(o, (PetscBool)!blobs,
                            "physics_medium_background physics_medium_size physics_medium_domains "
                            "physics_medium_corners physics_medium_mixed"));
  PetscCall(EddyOptionsIdle(o, (PetscBool)(!constant || m->bulk > 0), "physics_sound_speed"));
  PetscCall(EddyOptionsIdle(o, (PetscBool)((m->bulk > 0 && !constant) || m->own_density),
                            "physics_density"));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyMediumCreate(EddyOptions o, const EddyBox *box, EddyMedium *m)
{
  Draws d;
  PetscInt given, values, densities;
  uint64_t seed;
  PetscReal list[EDDY_MEDIUM_MAX + 1] = {0};

  PetscFunctionBeginUser;
  m->dim = box->dim;
  for (int e = 0; e < 3; ++e) {
    m->lower[e] = box->lower[e];
    m->upper[e] = box->upper[e];
  }
  PetscCall(EddyOptionsChoice(o, "physics_medium_type", "medium that the waves travel through",
                              names, EDDY_MEDIUM_COUNT, 0, &m->type));
  PetscCall(EddyOptionsReal(o, "physics_density", "density of the medium", "M/L^3", 1, PETSC_SMALL,
                            PETSC_MAX_REAL, &m->density));
  PetscCall(EddyOptionsReal(o, "physics_sound_speed", "sound speed of a constant medium", "L/T", 1,
                            PETSC_SMALL, PETSC_MAX_REAL, &m->speed));
  PetscCall(EddyOptionsReal(o, "physics_bulk_modulus",
                            "bulk modulus; then the density varies, not the sound speed; 0: none",
                            "M/(L T^2)", 0, 0, PETSC_MAX_REAL, &m->bulk));
  Defaults(m->type, &d, m);
  PetscCall(EddyOptionsSeed(o, "physics_medium_seed", "seed of a random medium", 0, &seed));
  d.key = (EddyRandomKey){.seed = seed, .stream = STREAM};
  PetscCall(EddyOptionsChoice(o, "physics_medium_direction", "direction across layers or halves",
                              axes, box->dim, 0, &m->direction));
  PetscCall(EddyOptionsRealList(o, "physics_medium_interfaces", "places of given layers", "L",
                                EDDY_MEDIUM_MAX, -PETSC_MAX_REAL, PETSC_MAX_REAL, m->place,
                                &given));
  PetscCall(EddyOptionsRealList(
      o, "physics_medium_values", "values of given layers; of paths and walls of a maze",
      "L/T or M/L^3", EDDY_MEDIUM_MAX + 1, PETSC_SMALL, PETSC_MAX_REAL, list, &values));
  PetscCall(EddyOptionsRealList(o, "physics_medium_densities", "densities of given layers", "M/L^3",
                                EDDY_MEDIUM_MAX + 1, PETSC_SMALL, PETSC_MAX_REAL, m->layer_density,
                                &densities));
  if (values)
    PetscCall(PetscArraycpy(m->value, list, values));
  PetscCall(EddyOptionsInts(
      o, "physics_medium_number",
      "least and most: layers, Gaussians, inclusions or rooms per direction of a maze", 2, 0,
      EDDY_MEDIUM_MAX - 1, d.number, NULL));
  EddyOptionsCheck(d.number[1] >= d.number[0], o, "physics_medium_number", "must not fall");
  PetscCall(
      ReadRange(o, "physics_medium_range", "range of random values", "L/T or M/L^3", d.range));
  PetscCall(ReadRange(o, "physics_medium_background", "range of the background", "L/T or M/L^3",
                      d.background));
  PetscCall(
      ReadRange(o, "physics_medium_size", "range of widths [box] or axes [L]", "1 or L", d.size));
  PetscCall(EddyOptionsInt(o, "physics_medium_domains", "parts of the background of inclusions",
                           d.domains, 1, 2, &d.domains));
  PetscCall(EddyOptionsBool(o, "physics_medium_corners",
                            "each part is bilinear between four random corners", d.corners,
                            &d.corners));
  PetscCall(EddyOptionsBool(o, "physics_medium_mixed",
                            "parts of inclusions are constant, bilinear, a bump or noisy by chance",
                            d.mixed, &d.mixed));
  if (m->type == EDDY_MEDIUM_LAYERS)
    PetscCall(LayersCreate(o, box, &d, given, values, densities, m));
  if (m->type == EDDY_MEDIUM_GAUSSIANS || m->type == EDDY_MEDIUM_INCLUSIONS) {
    const char *turned;
    PetscCall(EddyOptionsGetRaw(o, "physics_medium_direction", &turned));
    BackgroundCreate(box, &d, (PetscBool)(turned != NULL), m);
    BlobsCreate(box, &d, m);
  }
  if (m->type == EDDY_MEDIUM_MAZE) {
    EddyOptionsCheck(box->dim == 2, o, "physics_medium_type", "a maze needs a 2-D box");
    EddyOptionsCheck(d.number[0] >= 1, o, "physics_medium_number", "must be at least 1");
    EddyOptionsCheck(!values || values == 2, o, "physics_medium_values",
                     "must be two: of paths and of walls");
    MazeCreate(&d, m);
  }
  PetscCall(Idle(o, m, d.domains, given));
  PetscFunctionReturn(PETSC_SUCCESS);
}
