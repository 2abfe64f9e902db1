/* SPDX-License-Identifier: BSD-3-Clause */
/* Resize: separable interpolation, nearest, linear or cubic (Keys' kernel with coefficient a). Each axis becomes a table of places and
   weights, applied one axis after the other. Not handled: antialias and keep_aspect_ratio_policy, which stop the load. */
#include "ops.h"

enum { TAPS = 4 };
typedef enum {
  HALF_PIXEL,
  PYTORCH_HALF_PIXEL,
  ALIGN_CORNERS,
  ASYMMETRIC,
  CROP,
  HALF_PIXEL_SYMMETRIC,
  TF_HALF_PIXEL,
  NMODES
} Coordinates;
static const char *const coordinate_names[] = {
    "half_pixel",         "pytorch_half_pixel",   "align_corners",       "asymmetric",
    "tf_crop_and_resize", "half_pixel_symmetric", "tf_half_pixel_for_nn"};

typedef struct {
  Coordinates coordinates;
  int kind,
      rounding; /* 0 nearest, 1 linear, 2 cubic; round_prefer_floor, round_prefer_ceil, floor, ceil */
  PetscBool exclude;
  double a, outside;
  double scale[OX_RANK], lo[OX_RANK], hi[OX_RANK];
  int64_t size[OX_RANK], out[OX_RANK];
} Plan;

static double Place(const Plan *p, int d, int64_t i)
{
  const double n = (double)p->size[d], m = (double)p->out[d], s = p->scale[d], x = (double)i;
  switch (p->coordinates) {
  case PYTORCH_HALF_PIXEL:
    return m > 1 ? (x + .5) / s - .5 : 0;
  case ALIGN_CORNERS:
    return m > 1 ? x * (n - 1) / (s * n - 1)
                 : 0; /* s n: the extent before it was cut to an integer */
  case TF_HALF_PIXEL:
    return (x + .5) / s;
  case ASYMMETRIC:
    return x / s;
  case CROP:
    return m > 1 ? p->lo[d] * (n - 1) + x * (p->hi[d] - p->lo[d]) * (n - 1) / (m - 1)
                 : .5 * (p->lo[d] + p->hi[d]) * (n - 1);
  case HALF_PIXEL_SYMMETRIC:
    return n / 2 * (1 - m / (n * s)) + (x + .5) / s - .5;
  default:
    return (x + .5) / s - .5;
  }
}

static double Nearest(int rounding, double x)
{
  switch (rounding) {
  case 0:
    return ceil(x - .5);
  case 1:
    return floor(x + .5);
  case 2:
    return floor(x);
  default:
    return ceil(x);
  }
}

/* Places and weights of result i along axis d. */
static int Table(const Plan *p, int d, int64_t i, int64_t at[TAPS], double w[TAPS])
{
  const double x = Place(p, d, i), f = floor(x), t = x - f, a = p->a;
  int n = 0;
  if (p->coordinates == CROP && (x < 0 || x > (double)p->size[d] - 1))
    return 0;
  if (p->kind == 0) {
    at[0] = (int64_t)Nearest(p->rounding, x), w[0] = 1, n = 1;
  } else if (p->kind == 1) {
    at[0] = (int64_t)f, at[1] = at[0] + 1, w[0] = 1 - t, w[1] = t, n = 2;
  } else {
    n = 4;
    for (int k = 0; k < 4; ++k)
      at[k] = (int64_t)f - 1 + k;
    w[0] = ((a * (t + 1) - 5 * a) * (t + 1) + 8 * a) * (t + 1) - 4 * a;
    w[1] = ((a + 2) * t - (a + 3)) * t * t + 1;
    w[2] = ((a + 2) * (1 - t) - (a + 3)) * (1 - t) * (1 - t) + 1;
    w[3] = ((a * (2 - t) - 5 * a) * (2 - t) + 8 * a) * (2 - t) - 4 * a;
  }
  double sum = 0;
  for (int k = 0; k < n; ++k) {
    if (p->exclude && (at[k] < 0 || at[k] >= p->size[d]))
      w[k] = 0;
    sum += w[k];
    at[k] = at[k] < 0 ? 0 : at[k] >= p->size[d] ? p->size[d] - 1 : at[k];
  }
  for (int k = 0; p->exclude && k < n; ++k)
    w[k] /= sum;
  return n;
}

static PetscErrorCode Modes(OxExec *x, Plan *p)
{
  static const char *const kinds[] = {"nearest", "linear", "cubic"}, *const roundings[] = {
                                                                         "round_prefer_floor",
                                                                         "round_prefer_ceil",
                                                                         "floor", "ceil"};
  const char *kind = OxString(x, "mode", "nearest"),
             *rounding = OxString(x, "nearest_mode", "round_prefer_floor"),
             *where = OxString(x, "coordinate_transformation_mode",
                               x->m->opset < 11 ? "asymmetric" : "half_pixel");

  PetscFunctionBeginUser;
  p->kind = p->rounding = -1;
  p->coordinates = NMODES;
  for (int k = 0; k < 3; ++k)
    p->kind = strcmp(kind, kinds[k]) ? p->kind : k;
  for (int k = 0; k < 4; ++k)
    p->rounding = strcmp(rounding, roundings[k]) ? p->rounding : k;
  for (int k = 0; k < NMODES; ++k)
    p->coordinates = strcmp(where, coordinate_names[k]) ? p->coordinates : (Coordinates)k;
  if (x->m->opset < 11)
    p->rounding = 2;
  OxCheck(p->kind >= 0 && p->rounding >= 0 && p->coordinates < NMODES, x,
          "mode '%s', nearest_mode '%s', coordinate_transformation_mode '%s'", kind, rounding,
          where);
  OxCheck(!OxInt(x, "antialias", 0), x, "antialias is not handled");
  OxCheck(!strcmp(OxString(x, "keep_aspect_ratio_policy", "stretch"), "stretch"), x,
          "keep_aspect_ratio_policy is not handled");
  p->exclude = (PetscBool)(OxInt(x, "exclude_outside", 0) != 0);
  p->a = OxReal(x, "cubic_coeff_a", -.75);
  p->outside = OxReal(x, "extrapolation_value", 0);
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Extents from `sizes` or `scales`, for all axes or those of `axes`. */
static PetscErrorCode Extents(OxExec *x, const OxTensor *a, Plan *p)
{
  const int first = x->m->opset < 11 ? 1 : 2;
  const OxTensor *roi = x->m->opset < 11 ? NULL : OxIn(x, 1), *scales = OxIn(x, first);
  const int64_t *sizes, *axes;
  int64_t nsizes, naxes;

  PetscFunctionBeginUser;
  axes = OxIntList(x, "axes", &naxes);
  PetscCall(OxInts(x, first + 1, &nsizes, &sizes));
  const int64_t count = axes ? naxes : a->rank;
  OxCheck((sizes && nsizes == count) || (scales && scales->n == count), x,
          "needs %lld scales or sizes", (long long)count);
  OxCheck(sizes || OxIsReal(scales->type), x, "its scales are %s", EddyOnnxTypeName(scales->type));
  if (!sizes)
    PetscCall(OxKnown(x, first));
  for (int d = 0; d < a->rank; ++d) {
    p->size[d] = p->out[d] = a->dims[d];
    p->scale[d] = 1, p->lo[d] = 0, p->hi[d] = 1;
  }
  for (int k = 0; k < count; ++k) {
    int d = k;
    if (axes)
      PetscCall(OxAxis(x, axes[k], a->rank, &d));
    if (sizes && nsizes) {
      p->out[d] = sizes[k];
      p->scale[d] = (double)sizes[k] / (double)PetscMax(1, a->dims[d]);
    } else {
      const double size = floor((double)a->dims[d] * scales->d[k]);
      OxCheck(scales->d[k] > 0 && size < 1e12, x, "scale %g", scales->d[k]);
      p->out[d] = (int64_t)size;
      p->scale[d] = scales->d[k];
    }
    OxCheck(p->out[d] >= 0 && (a->dims[d] > 0 || p->out[d] == 0), x, "extent %lld",
            (long long)p->out[d]);
    if (p->coordinates == CROP) {
      OxCheck(roi && OxIsReal(roi->type) && roi->n == 2 * count, x, "needs a region of interest");
      PetscCall(OxKnown(x, 1));
      p->lo[d] = roi->d[k], p->hi[d] = roi->d[k + count];
    }
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode OxOpResize(OxExec *x)
{
  const OxTensor *a = OxIn(x, 0);
  int64_t now[OX_RANK];
  double *from, *to;
  OxTensor *o;
  Plan p;

  PetscFunctionBeginUser;
  OxCheck(OxIsReal(a->type) && a->rank > 0, x, "is handled for floating-point inputs");
  PetscCall(Modes(x, &p));
  PetscCall(Extents(x, a, &p));
  PetscCall(OxOut(x, 0, a->type, a->rank, p.out, &o));
  if (!x->compute || !o)
    PetscFunctionReturn(PETSC_SUCCESS);
  memcpy(now, a->dims, sizeof(now));
  int64_t most = a->n;
  for (int d = 0; d < a->rank; ++d) {
    now[d] = p.out[d];
    const int64_t n = OxProduct(a->rank, now);
    OxCheck(n >= 0, x, "result too large");
    most = PetscMax(most, n);
  }
  PetscCall(OxScratch(x, most, sizeof(*from), &from));
  PetscCall(OxScratch(x, most, sizeof(*to), &to));
  memcpy(from, a->d, (size_t)a->n * 8);
  memcpy(now, a->dims, sizeof(now));
  for (int d = 0; d < a->rank; ++d) {
    const int64_t before = OxProduct(d, now), after = OxProduct(a->rank - d - 1, now + d + 1);
    if (p.out[d] == p.size[d] && p.scale[d] == 1 && p.coordinates != CROP)
      continue;
    for (int64_t i = 0; i < p.out[d]; ++i) {
      int64_t at[TAPS];
      double w[TAPS];
      const int taps = Table(&p, d, i, at, w);
      for (int64_t b = 0; b < before; ++b)
        for (int64_t c = 0; c < after; ++c) {
          double sum = taps ? 0 : p.outside;
          for (int k = 0; k < taps; ++k)
            sum += w[k] * from[(b * now[d] + at[k]) * after + c];
          to[(b * p.out[d] + i) * after + c] = sum;
        }
    }
    now[d] = p.out[d];
    double *swap = from;
    from = to, to = swap;
  }
  if (o->n)
    memcpy(o->d, from, (size_t)o->n * 8);
  PetscFunctionReturn(PETSC_SUCCESS);
}
