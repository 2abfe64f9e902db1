/* SPDX-License-Identifier: BSD-3-Clause */
/* Ring between two ellipses, or a part of it; in 3-D extended along z. Index directions: first from the inner to the outer ellipse, second along the angle
   theta, third along z. With s = i / n_1, theta = theta_0 + (theta_1 - theta_0) j / n_2 and the clustering b

     x = centre + (1 - r) inner (cos theta, sin theta) + r outer (cos theta, sin theta),   r = (exp(b s) - 1) / (exp(b) - 1)  (b = 0: r = s).

   Two circles make an annulus, an ellipse in a large circle an O-grid around a body. A whole turn is periodic in the second direction, a part is not; the
   first direction never is: xmin is the inner face, xmax the outer one.
   Options: mesh_inner and mesh_outer (one radius, or two semi-axes), mesh_centre, mesh_angle, mesh_cluster, mesh_height (3-D). */
#include "mesh.h"

typedef struct {
  PetscReal inner[2], outer[2], centre[2], angle[2], height[2], cluster;
  PetscInt n[3], dim;
  PetscBool whole;
} Ctx;

static void Vertex(const void *ctx, const PetscInt i[3], PetscReal x[3])
{
  const Ctx *c = ctx;
  const PetscReal s = (PetscReal)i[0] / (PetscReal)c->n[0], b = c->cluster;
  const PetscReal r = b > 0 ? expm1(b * s) / expm1(b) : s;
  const PetscInt j = c->whole ? i[1] % c->n[1] : i[1];
  PetscReal co, si;
  if (c->whole && c->n[1] % 4 == 0 && c->angle[0] == 0) { /* quarters have the same bits */
    const PetscInt q = c->n[1] / 4, turn = j / q, k = j % q;
    /* from the nearer axis */
    const PetscBool far = (PetscBool)(2 * k > q);
    const PetscReal t = .5 * PETSC_PI * (PetscReal)(far ? q - k : k) / (PetscReal)q;
    const PetscReal a = far ? sin(t) : cos(t), e = far ? cos(t) : sin(t);
    co = turn == 0 ? a : turn == 1 ? -e : turn == 2 ? -a : e;
    si = turn == 0 ? e : turn == 1 ? a : turn == 2 ? -e : -a;
  } else {
    const PetscReal t =
        c->angle[0] + (c->angle[1] - c->angle[0]) * (PetscReal)j / (PetscReal)c->n[1];
    co = cos(t);
    si = sin(t);
  }
  x[0] = c->centre[0] + (c->inner[0] + r * (c->outer[0] - c->inner[0])) * co;
  x[1] = c->centre[1] + (c->inner[1] + r * (c->outer[1] - c->inner[1])) * si;
  x[2] = c->dim > 2
             ? c->height[0] + (c->height[1] - c->height[0]) * (PetscReal)i[2] / (PetscReal)c->n[2]
             : 0;
}

/* A radius, or two semi-axes. */
static PetscErrorCode Axes(EddyOptions o, const char *key, const char *what, PetscReal radius,
                           PetscReal v[2])
{
  PetscInt n;
  PetscFunctionBeginUser;
  PetscCall(EddyOptionsRealList(o, key, what, "L", 2, 0, 1e100, v, &n));
  if (!n)
    v[0] = radius;
  if (n < 2)
    v[1] = v[0];
  EddyOptionsCheck(v[0] > 0 && v[1] > 0, o, key, "%g is not positive",
                   (double)PetscMin(v[0], v[1]));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Options(EddyMesh m, EddyOptions o)
{
  Ctx *c = m->vertices.ctx;
  PetscReal turn;

  PetscFunctionBeginUser;
  PetscCall(EddyMeshReadCells(o, &m->box));
  c->dim = m->box.dim;
  EddyOptionsCheck(c->dim > 1, o, "mesh_n", "an annulus has 2 or 3 directions");
  for (int d = 0; d < 3; ++d)
    c->n[d] = m->box.n[d];
  PetscCall(Axes(o, "mesh_inner", "radius, or semi-axes, of the inner ellipse", 1, c->inner));
  PetscCall(Axes(o, "mesh_outer", "radius, or semi-axes, of the outer ellipse", 2, c->outer));
  EddyOptionsCheck(c->outer[0] > c->inner[0] && c->outer[1] > c->inner[1], o, "mesh_outer",
                   "(%g, %g) does not enclose mesh_inner (%g, %g)", (double)c->outer[0],
                   (double)c->outer[1], (double)c->inner[0], (double)c->inner[1]);
  PetscCall(EddyOptionsReals(o, "mesh_centre", "centre of both ellipses", "L", 2, -1e100, 1e100,
                             c->centre, NULL));
  c->angle[1] = 2 * PETSC_PI;
  PetscCall(EddyOptionsReals(o, "mesh_angle", "first and last angle", "rad", 2, -4 * PETSC_PI,
                             4 * PETSC_PI, c->angle, NULL));
  turn = (c->angle[1] - c->angle[0]) / (2 * PETSC_PI);
  EddyOptionsCheck(turn > 0 && turn < 1 + 1e-12, o, "mesh_angle",
                   "from %g to %g: the second must be above the first, by 2 pi at most",
                   (double)c->angle[0], (double)c->angle[1]);
  c->whole = (PetscBool)(turn > 1 - 1e-12);
  PetscCall(EddyOptionsReal(o, "mesh_cluster",
                            "cells finer at the inner face: log of last over first, 0: equal", "1",
                            0, 0, 20, &c->cluster));
  c->height[1] = 1;
  PetscCall(EddyOptionsReals(o, "mesh_height", "lower and upper end in z (3-D)", "L", 2, -1e100,
                             1e100, c->height, NULL));
  EddyOptionsCheck(c->height[1] > c->height[0], o, "mesh_height", "%g is not above %g",
                   (double)c->height[1], (double)c->height[0]);
  PetscCall(EddyMeshReadFaces(o, &m->box));
  EddyOptionsCheck(
      !m->box.periodic[0], o, "boundary_xmin_type",
      "is periodic, but xmin is the inner and xmax the outer face of the annulus: give "
      "both another type");
  EddyOptionsCheck(m->box.periodic[1] == c->whole, o, "boundary_ymin_type",
                   c->whole ? "must be periodic: the annulus is a whole turn"
                            : "is periodic, but the annulus is not a whole turn (mesh_angle)");
  EddyMeshEnclose(m);
  PetscFunctionReturn(PETSC_SUCCESS);
}

const EddyMeshOps eddy_mesh_annulus = {
    .name = "annulus",
    .summary = "ring between two circles or ellipses (O-grid around a body), or a part of it",
    .ctx_size = sizeof(Ctx),
    .Options = Options,
    .Vertex = Vertex,
};
