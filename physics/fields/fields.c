/* SPDX-License-Identifier: BSD-3-Clause */
/* Derived fields (the table is physics/fields/fields.def) and the search by name. Tensors are
   row-major: component i dim + j of the velocity gradient is d u_i / d x_j. Vorticity is v_x - u_y.
 */
#include "fields.h"
#include <math.h>
#include <string.h>

/* ---- linear in the state, at a wavenumber; a derivative along d is i k_d ---- */

static void Velocity(EddyPhysics p, const EddyMode *k, const EddyComplex u[],
                     const EddyComplex vel[], EddyComplex out[])
{
  for (PetscInt i = 0; i < p->box.dim; ++i)
    out[i] = vel[i];
}

static EddyComplex Curl(const EddyMode *k, const EddyComplex vel[])
{
  return EddyCSub(EddyCTimesI(k->k[0], vel[1]), EddyCTimesI(k->k[1], vel[0]));
}

static void Vorticity(EddyPhysics p, const EddyMode *k, const EddyComplex u[],
                      const EddyComplex vel[], EddyComplex out[])
{
  out[0] = Curl(k, vel);
}

static void StreamFunction(EddyPhysics p, const EddyMode *k, const EddyComplex u[],
                           const EddyComplex vel[], EddyComplex out[])
{
  out[0] = EddyCScale(k->inv_k2, Curl(k, vel));
}

static void VelocityGradient(EddyPhysics p, const EddyMode *k, const EddyComplex u[],
                             const EddyComplex vel[], EddyComplex out[])
{
  const PetscInt dim = p->box.dim;
  for (PetscInt i = 0; i < dim; ++i)
    for (PetscInt j = 0; j < dim; ++j)
      out[i * dim + j] = EddyCTimesI(k->k[j], vel[i]);
}

/* (A + sign A^T) / 2 */
static void Part(EddyPhysics p, const EddyMode *k, const EddyComplex vel[], double sign,
                 EddyComplex out[])
{
  const PetscInt dim = p->box.dim;
  for (PetscInt i = 0; i < dim; ++i)
    for (PetscInt j = 0; j < dim; ++j)
      out[i * dim + j] =
          EddyCAdd(EddyCTimesI(.5 * k->k[j], vel[i]), EddyCTimesI(sign * .5 * k->k[i], vel[j]));
}

static void Strain(EddyPhysics p, const EddyMode *k, const EddyComplex u[], const EddyComplex vel[],
                   EddyComplex out[])
{
  Part(p, k, vel, 1, out);
}

static void Rotation(EddyPhysics p, const EddyMode *k, const EddyComplex u[],
                     const EddyComplex vel[], EddyComplex out[])
{
  Part(p, k, vel, -1, out);
}

static void VorticityGradient(EddyPhysics p, const EddyMode *k, const EddyComplex u[],
                              const EddyComplex vel[], EddyComplex out[])
{
  const EddyComplex w = Curl(k, vel);
  for (PetscInt j = 0; j < 2; ++j)
    out[j] = EddyCTimesI(k->k[j], w);
}

static void VorticityLaplacian(EddyPhysics p, const EddyMode *k, const EddyComplex u[],
                               const EddyComplex vel[], EddyComplex out[])
{
  out[0] = EddyCScale(-k->k2, Curl(k, vel));
}

static void Gradient(EddyPhysics p, const EddyMode *k, const EddyComplex u[],
                     const EddyComplex vel[], EddyComplex out[])
{
  for (PetscInt j = 0; j < p->box.dim; ++j)
    out[j] = EddyCTimesI(k->k[j], u[0]);
}

static void Laplacian(EddyPhysics p, const EddyMode *k, const EddyComplex u[],
                      const EddyComplex vel[], EddyComplex out[])
{
  out[0] = EddyCScale(-k->k2, u[0]);
}

/* ---- functions at a point of the fields above ---- */

static double Square(PetscInt n, const double in[])
{
  double sum = 0;
  for (PetscInt i = 0; i < n; ++i)
    sum += in[i] * in[i];
  return sum;
}

static void Speed(PetscInt dim, const double in[], double out[]) { out[0] = sqrt(Square(dim, in)); }

static void KineticEnergy(PetscInt dim, const double in[], double out[])
{
  out[0] = .5 * Square(dim, in);
}

static void EnstrophyDensity(PetscInt dim, const double in[], double out[])
{
  out[0] = .5 * in[0] * in[0];
}

static void StrainMagnitude(PetscInt dim, const double in[], double out[])
{
  out[0] = sqrt(2 * Square(dim * dim, in));
}

/* W:W - S:S = -A_ij A_ji */
static void QCriterion(PetscInt dim, const double in[], double out[])
{
  double sum = 0;
  for (PetscInt i = 0; i < dim; ++i)
    for (PetscInt j = 0; j < dim; ++j)
      sum += in[i * dim + j] * in[j * dim + i];
  out[0] = -.5 * sum;
}

static void OkuboWeiss(PetscInt dim, const double in[], double out[])
{
  const double stretch = in[0] - in[3], shear = in[2] + in[1], omega = in[2] - in[1];
  out[0] = stretch * stretch + shear * shear - omega * omega;
}

/* clang-format off */
#define EDDY_FIELD(name, formula, unit, rank, symmetry, dim_min, dim_max, needs_velocity, hat, ...) \
  {name, formula, unit, rank, symmetry, dim_min, dim_max, needs_velocity, hat, __VA_ARGS__},
static const EddyFieldOps table[] = {
#include "fields.def"
};
#undef EDDY_FIELD
/* clang-format on */

enum { NFIELD = sizeof(table) / sizeof(*table) };

const EddyFieldOps *EddyFieldGetOps(PetscInt k) { return k >= 0 && k < NFIELD ? &table[k] : NULL; }

PetscBool EddyFieldGradientPart(const EddyFieldOps *f, EddyGradientPart *part)
{
  static const char *const names[] = {"velocity_gradient", "strain", "rotation", "vorticity"};
  for (int k = 0; k < 4; ++k)
    if (!strcmp(f->name, names[k]) ||
        (f->from[0] && !strcmp(f->from[0], names[k]) && !f->from[1])) {
      if (part)
        *part = (EddyGradientPart)k;
      return PETSC_TRUE;
    }
  return PETSC_FALSE;
}

static PetscBool Offered(EddyPhysics p, const EddyFieldOps *f)
{
  if (p->box.dim < f->dim_min || p->box.dim > f->dim_max)
    return PETSC_FALSE;
  if (!f->needs_velocity || p->ops->Velocity)
    return PETSC_TRUE;
  return (PetscBool)(p->vector && EddyFieldGradientPart(f, NULL));
}

/* One line that says what is wrong and what is there. */
static PetscErrorCode Refuse(EddyPhysics p, EddyOptions o, const char *key, const char *name)
{
  const char *names[EDDY_MAX_COMP + EDDY_MAX_LIST + NFIELD];
  char list[2048] = "";
  PetscInt n = 0;

  PetscFunctionBeginUser;
  PetscCheck(o, PETSC_COMM_SELF, EDDY_ERR_INPUT, "physics_type %s has no field %s", p->ops->name,
             name);
  for (PetscInt c = 0; c < p->ncomp; ++c)
    names[n++] = p->comp[c];
  for (PetscInt k = 0; k < p->nderived; ++k)
    names[n++] = p->derived[k].name;
  for (PetscInt k = 0; k < NFIELD; ++k)
    if (Offered(p, &table[k]))
      names[n++] = table[k].name;
  for (PetscInt i = 0; i < n; ++i) {
    const size_t used = strlen(list);
    snprintf(list + used, sizeof list - used, "%s%s", i ? ", " : "", names[i]);
  }
  for (PetscInt k = 0; k < NFIELD; ++k)
    EddyOptionsCheck(strcmp(table[k].name, name), o, key,
                     "physics_type %s in %d-D does not offer the field %s; it has %s", p->ops->name,
                     (int)p->box.dim, name, list);
  const char *nearest = EddyNearest(name, names, n);
  PetscCall(EddyOptionsError(o, key, "no field is called %s%s%s%s; there are %s", name,
                             nearest ? ", did you mean " : "", nearest ? nearest : "",
                             nearest ? "?" : "", list));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyFieldFind(EddyPhysics p, EddyOptions o, const char *key, const char *name,
                             EddyField *f)
{
  PetscFunctionBeginUser;
  *f = (EddyField){.comp = -1, .derived = -1, .ncomp = 1};
  PetscCall(PetscStrncpy(f->name, name, sizeof f->name));
  for (PetscInt c = 0; c < p->ncomp; ++c) {
    if (strcmp(p->comp[c], name))
      continue;
    f->comp = c;
    PetscCall(PetscStrncpy(f->unit, p->unit[c], sizeof f->unit));
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  for (PetscInt k = 0, first = 0; k < p->nderived; ++k) {
    const PetscInt ncomp = p->derived[k].rank ? p->box.dim : 1;
    if (strcmp(p->derived[k].name, name)) {
      first += ncomp;
      continue;
    }
    f->derived = k;
    f->first = first;
    f->ncomp = ncomp;
    f->rank = p->derived[k].rank;
    PetscCall(PetscStrncpy(f->unit, p->derived[k].unit, sizeof f->unit));
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  for (PetscInt k = 0; k < NFIELD; ++k) {
    if (strcmp(table[k].name, name) || !Offered(p, &table[k]))
      continue;
    f->ops = &table[k];
    f->rank = table[k].rank;
    f->symmetry = table[k].symmetry;
    for (PetscInt r = 0; r < f->rank; ++r)
      f->ncomp *= p->box.dim;
    PetscCall(PetscStrncpy(f->unit, table[k].unit, sizeof f->unit));
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  PetscCall(Refuse(p, o, key, name));
  PetscFunctionReturn(PETSC_SUCCESS);
}
