/* SPDX-License-Identifier: BSD-3-Clause */
/* Loads boundary conditions from shared libraries (face_plugin.h). */
#include "face_plugin.h"
#include "faces.h"
#include <dlfcn.h>
#include <math.h>
#include <string.h>

struct _p_EddyFacePlug {
  void *handle, *self;
  const EddyFacePlugin *plugin;
  EddyFacePluginInfo info;
  char name[EDDY_MAX_COMP][EDDY_MAX_NAME];
  const char *prim[EDDY_MAX_COMP];
};

static PetscErrorCode Open(EddyOptions o, const char *face, EddyFacePlug x)
{
  char key[4 * EDDY_MAX_NAME];
  const char *library, *arguments;
  const EddyFacePlugin *(*get)(void) = NULL;
  PetscFunctionBeginUser;
  PetscCall(PetscSNPrintf(key, sizeof key, "%s_arguments", face));
  PetscCall(EddyOptionsString(o, key, "text handed to the plug-in", "", &arguments));
  PetscCall(PetscSNPrintf(key, sizeof key, "%s_library", face));
  PetscCall(EddyOptionsString(o, key, "shared library with a boundary condition", NULL, &library));
  EddyOptionsCheck(library, o, key, "give the path of a shared library");
  x->handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
  EddyOptionsCheck(x->handle, o, key, "cannot be loaded: %s", dlerror());
  void *symbol = dlsym(x->handle, EDDY_FACE_PLUGIN_SYMBOL);
  EddyOptionsCheck(symbol, o, key, "%s has no function %s", library, EDDY_FACE_PLUGIN_SYMBOL);
  memcpy(&get, &symbol, sizeof get); /* ISO C has no cast from object to function pointers */
  x->plugin = get();
  EddyOptionsCheck(x->plugin && x->plugin->abi == EDDY_FACE_PLUGIN_ABI, o, key,
                   "%s was built for ABI %d of face_plugin.h, this program has %d", library,
                   x->plugin ? x->plugin->abi : -1, EDDY_FACE_PLUGIN_ABI);
  EddyOptionsCheck(x->plugin->name && x->plugin->state, o, key, "plug-in without %s",
                   x->plugin->name ? "state" : "name");
  if (!x->plugin->create)
    PetscFunctionReturn(PETSC_SUCCESS);
  x->self = x->plugin->create(arguments ? arguments : "", &x->info);
  PetscCall(PetscSNPrintf(key, sizeof key, "%s_arguments", face));
  EddyOptionsCheck(x->self, o, key, "plug-in %s does not accept '%s'", x->plugin->name,
                   arguments ? arguments : "");
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyFacePlugCreate(EddyOptions o, const char *face, const EddyBox *box, int e,
                                  int side, PetscInt nprim, char prim[][EDDY_MAX_NAME],
                                  EddyFacePlug *plug)
{
  EddyFacePlug x;
  PetscFunctionBeginUser;
  PetscCall(PetscNew(&x));
  *plug = x;
  x->info = (EddyFacePluginInfo){
      .dim = (int)box->dim, .direction = e, .side = side, .nprim = (int)nprim, .prim = x->prim};
  for (int d = 0; d < 3; ++d) {
    x->info.n[d] = (int)box->n[d];
    x->info.lower[d] = box->lower[d];
    x->info.upper[d] = box->upper[d];
  }
  for (PetscInt c = 0; c < nprim; ++c) {
    PetscCall(PetscStrncpy(x->name[c], prim[c], EDDY_MAX_NAME));
    x->prim[c] = x->name[c];
  }
  PetscCall(Open(o, face, x));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyFacePlugDestroy(EddyFacePlug *plug)
{
  EddyFacePlug x = *plug;
  PetscFunctionBeginUser;
  if (x && x->self && x->plugin->destroy)
    x->plugin->destroy(x->self);
  if (x && x->handle)
    dlclose(x->handle);
  PetscCall(PetscFree(*plug));
  PetscFunctionReturn(PETSC_SUCCESS);
}

void EddyFacePlugState(EddyFacePlug plug, double t, const double x[3], const double normal[3],
                       double distance, const double *inside, const double *mirror, double *ghost)
{
  const EddyFacePluginPoint point = {.t = t,
                                     .x = {x[0], x[1], x[2]},
                                     .normal = {normal[0], normal[1], normal[2]},
                                     .distance = distance,
                                     .inside = inside,
                                     .mirror = mirror};
  if (plug->plugin->state(plug->self, &point, ghost))
    for (int c = 0; c < plug->info.nprim; ++c)
      ghost[c] = NAN;
}
