/* SPDX-License-Identifier: BSD-3-Clause */
/* Boundary conditions from outside the program: a shared library with one function, chosen by

     boundary: {xmin: {type: plugin, library: ./inlet.so, arguments: "1.5"}}

   Nothing else is needed: no PETSc, no MPI.   cc -shared -fPIC $(pkg-config --cflags eddyline) mine.c -o mine.so
   src/fv/face_template.c is one to copy: a parabolic inflow. */
#ifndef EDDY_FACE_PLUGIN_H
#define EDDY_FACE_PLUGIN_H

#define EDDY_FACE_PLUGIN_ABI 1
#define EDDY_FACE_PLUGIN_SYMBOL "eddy_face_plugin_entry"

typedef struct {
  int dim, n[3];
  double lower[3], upper[3];
  int direction, side;     /* of the face: 0 1 2 for x y z; 0 low, 1 high */
  int nprim;               /* fields of the primitive state */
  const char *const *prim; /* their names, e.g. density, velocity_x, ..., pressure */
} EddyFacePluginInfo;

typedef struct {
  double t;
  double x[3], normal[3]; /* the point of the face before the ghost cell; outward unit normal */
  double distance;      /* from that point to the centre of the ghost cell: dx/2, 3 dx/2, 5 dx/2 */
  const double *inside; /* [nprim] state of the cell at the face */
  const double *mirror; /* [nprim] state of the cell as far inside as the ghost cell is outside */
} EddyFacePluginPoint;

typedef struct {
  int abi; /* EDDY_FACE_PLUGIN_ABI */
  const char *name;
  /* arguments: text of the case, "" when none; info lives as long as self. NULL when they cannot be used. May be left out. */
  void *(*create)(const char *arguments, const EddyFacePluginInfo *info);
  void (*destroy)(void *self);
  /* Sets ghost[nprim], which holds the state inside (or what the case gives for this face) on entry. It must depend on its arguments only, or results change with the number of ranks. 0 when all is well. */
  int (*state)(void *self, const EddyFacePluginPoint *point, double *ghost);
} EddyFacePlugin;

/* The one symbol of the library. */
const EddyFacePlugin *eddy_face_plugin_entry(void);
#endif
