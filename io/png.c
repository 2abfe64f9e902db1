/* SPDX-License-Identifier: BSD-3-Clause */
/* Writer `png`: one picture per snapshot, PATH/frame_00000.png (PATH/row_00007/frame_00000.png when
   a file has several rows). 2-D fields become pictures with a colour bar, 1-D fields curves; of a
   3-D field the plane in the middle of z is drawn. Blocks are gathered on rank 0. A picture is
   written under a temporary name and renamed, so the folder never holds half of one; there is no
   .part for the folder, frames already drawn stay when a run is continued.

   Options (prefix output_NAME_)
     field      name of the field, default the first of the output
     component  component of a vector or tensor field, default 0
     range      [lo, hi] colour range (1-D: limits of the y axis); default: from each frame
     map        auto | diverging | sequential
     width      of the picture [mm], default 95
   and units_length, units_time of the case for the labels. */
#include "draw.h"
#include "points.h"
#include "writer.h"
#include <stdio.h>
#include <string.h>

enum { PATH = EDDY_MAX_PATH + 64 };

typedef struct {
  char field[EDDY_MAX_NAME], folder[EDDY_MAX_PATH];
  char length[EDDY_MAX_NAME], time[EDDY_MAX_NAME]; /* names of units, "" when non-dimensional */
  PetscInt component, map;
  PetscReal range[2], width;
  EddyBox box;
  EddyWhere where;
  PetscInt n[3], ntrajectories, nframes, which, ncomp;
  MPI_Comm comm;
  double *whole, *part; /* rank 0: one component of the whole grid, and of one rank */
} Ctx;

static PetscErrorCode Create(EddyWriter w, EddyOptions o, const char *prefix)
{
  static const char *const maps[] = {"auto", "diverging", "sequential"};
  Ctx *c = w->ctx;
  char key[2 * EDDY_MAX_NAME];
  const char *field, *length, *time;

  PetscFunctionBeginUser;
  snprintf(key, sizeof key, "%sfield", prefix);
  PetscCall(EddyOptionsString(o, key, "field to draw", NULL, &field));
  if (field)
    PetscCall(PetscStrncpy(c->field, field, sizeof c->field));
  PetscCall(EddyOptionsString(o, "units_length", "name of the unit of length, for labels", NULL,
                              &length));
  PetscCall(
      EddyOptionsString(o, "units_time", "name of the unit of time, for labels", NULL, &time));
  PetscCall(PetscStrncpy(c->length, length ? length : "", sizeof c->length));
  PetscCall(PetscStrncpy(c->time, time ? time : "", sizeof c->time));
  snprintf(key, sizeof key, "%scomponent", prefix);
  PetscCall(EddyOptionsInt(o, key, "component of a vector or tensor to draw", 0, 0,
                           EDDY_MAX_COMP - 1, &c->component));
  snprintf(key, sizeof key, "%srange", prefix);
  PetscBool set = PETSC_FALSE;
  PetscCall(EddyOptionsReals(o, key, "colour range (equal: from the data)", "", 2, -PETSC_MAX_REAL,
                             PETSC_MAX_REAL, c->range, &set));
  EddyOptionsCheck(!set || c->range[0] < c->range[1] || (c->range[0] == 0 && c->range[1] == 0), o,
                   key, "lower end %g is not below the upper end %g", (double)c->range[0],
                   (double)c->range[1]);
  snprintf(key, sizeof key, "%smap", prefix);
  PetscCall(EddyOptionsChoice(o, key, "colour map", maps, 3, 0, &c->map));
  snprintf(key, sizeof key, "%swidth", prefix);
  PetscCall(EddyOptionsReal(o, key, "width of the picture", "mm", 95, 40, 1000, &c->width));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Choose(EddyWriter w, const EddyWriterPlan *p)
{
  Ctx *c = w->ctx;
  const char *names[64];
  const PetscInt n = PetscMin(p->nfield, 64);

  PetscFunctionBeginUser;
  PetscCheck(p->nfield > 0, p->comm, EDDY_ERR_INPUT, "output %s: no field to draw", w->name);
  c->which = c->field[0] ? -1 : 0;
  for (PetscInt k = 0; k < n; ++k) {
    names[k] = p->fields[k].name;
    if (!strcmp(names[k], c->field))
      c->which = k;
  }
  if (c->which < 0) {
    const char *near = EddyNearest(c->field, names, n);
    SETERRQ(p->comm, EDDY_ERR_INPUT,
            "output_%s_field: no field %s among the fields of this output; nearest: %s", w->name,
            c->field, near ? near : names[0]);
  }
  c->ncomp = p->fields[c->which].ncomp;
  PetscCheck(c->component < c->ncomp, p->comm, EDDY_ERR_INPUT,
             "output_%s_component: %" PetscInt_FMT ", but %s has %" PetscInt_FMT, w->name,
             c->component, p->fields[c->which].name, c->ncomp);
  PetscFunctionReturn(PETSC_SUCCESS);
}

static void FramePath(const Ctx *c, PetscInt64 row, PetscInt frame, char folder[], char path[],
                      size_t size)
{
  if (c->ntrajectories > 1)
    snprintf(folder, size, "%s/row_%05" PetscInt64_FMT, c->folder, row);
  else
    snprintf(folder, size, "%s", c->folder);
  snprintf(path, size, "%.1060s/frame_%05" PetscInt_FMT ".png", folder, frame);
}

/* Frames of an earlier run that are there, in the order of (trajectory, frame). Rank 0. */
static PetscErrorCode CountFrames(const Ctx *c, const EddyWriterPlan *p, PetscInt64 *done)
{
  char folder[PATH], path[PATH];
  PetscBool there = PETSC_TRUE;
  PetscFunctionBeginUser;
  for (*done = 0; *done < (PetscInt64)p->ntrajectories * p->nframes; ++*done) {
    FramePath(c, p->row ? p->row[*done / p->nframes] : 0, (PetscInt)(*done % p->nframes), folder,
              path, sizeof path);
    PetscCall(PetscTestFile(path, 'r', &there));
    if (!there)
      break;
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Open(EddyWriter w, const EddyWriterPlan *p)
{
  Ctx *c = w->ctx;
  int rank;

  PetscFunctionBeginUser;
  PetscCall(Choose(w, p));
  c->comm = p->comm;
  c->box = p->box;
  c->where = p->fields[c->which].where;
  c->ntrajectories = p->ntrajectories, c->nframes = p->nframes;
  PetscCall(PetscArraycpy(c->n, p->n, 3));
  PetscCall(PetscStrncpy(c->folder, p->path, sizeof c->folder));
  PetscCall(EddyMakeFolder(p->comm, c->folder));
  PetscCallMPI(MPI_Comm_rank(c->comm, &rank));
  const size_t cells = (size_t)c->n[0] * c->n[1] * c->n[2];
  if (!rank)
    PetscCall(PetscMalloc2(cells, &c->whole, cells, &c->part));
  w->frames_done = 0;
  if (p->resume) {
    if (!rank)
      PetscCall(CountFrames(c, p, &w->frames_done));
    PetscCallMPI(MPI_Bcast(&w->frames_done, 1, MPIU_INT64, 0, c->comm));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Component `component` of b on rank 0, [nz][ny][nx]. Collective. */
static PetscErrorCode Gather(Ctx *c, const EddyBlock *b)
{
  int rank, size;
  PetscInt box[6] = {b->start[0], b->start[1], b->start[2], b->count[0], b->count[1], b->count[2]};
  const size_t count = (size_t)b->count[0] * b->count[1] * b->count[2];
  const double *mine = b->data + c->component * count;

  PetscFunctionBeginUser;
  PetscCallMPI(MPI_Comm_rank(c->comm, &rank));
  PetscCallMPI(MPI_Comm_size(c->comm, &size));
  if (rank) {
    PetscCallMPI(MPI_Send(box, 6, MPIU_INT, 0, 71, c->comm));
    if (count)
      PetscCallMPI(MPI_Send(mine, (int)count, MPI_DOUBLE, 0, 72, c->comm));
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  for (int r = 0; r < size; ++r) {
    const double *from = mine;
    if (r) {
      PetscCallMPI(MPI_Recv(box, 6, MPIU_INT, r, 71, c->comm, MPI_STATUS_IGNORE));
      const size_t n = (size_t)box[3] * box[4] * box[5];
      if (n)
        PetscCallMPI(MPI_Recv(c->part, (int)n, MPI_DOUBLE, r, 72, c->comm, MPI_STATUS_IGNORE));
      from = c->part;
    }
    for (PetscInt k = 0; k < box[5]; ++k)
      for (PetscInt j = 0; j < box[4]; ++j)
        PetscCall(PetscArraycpy(c->whole + ((size_t)(box[2] + k) * c->n[1] + box[1] + j) * c->n[0] +
                                    box[0],
                                from + ((size_t)k * box[4] + j) * box[3], box[3]));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode DrawLine(const Ctx *c, EddyDraw d, const char *title, const char *xlabel,
                               const char *label)
{
  double *x;
  PetscFunctionBeginUser;
  PetscCall(PetscMalloc1(c->n[0], &x));
  for (PetscInt i = 0; i < c->n[0]; ++i) {
    double at[3];
    EddyPointAt(&c->box, c->n, c->where, (PetscInt[]){i, 0, 0}, at);
    x[i] = at[0];
  }
  const EddyCurve curve = {.n = c->n[0], .x = x, .y = c->whole};
  const EddyPlot plot = {.ncurve = 1,
                         .curves = &curve,
                         .x0 = c->box.lower[0],
                         .x1 = c->box.upper[0],
                         .y0 = c->range[0],
                         .y1 = c->range[1],
                         .xlabel = xlabel,
                         .ylabel = label,
                         .title = title};
  PetscCall(EddyDrawCurves(d, EddyDrawPanel(d, 1, 1, 0), &plot));
  PetscCall(PetscFree(x));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode DrawFrame(const Ctx *c, const EddyBlock *b, const EddyRecord *r,
                                const char *path)
{
  static const EddyMap maps[] = {EDDY_MAP_AUTO, EDDY_MAP_DIVERGING, EDDY_MAP_SEQUENTIAL};
  const double lx = EddyBoxLength(&c->box, 0), ly = EddyBoxLength(&c->box, 1);
  const PetscBool line = c->box.dim == 1 ? PETSC_TRUE : PETSC_FALSE;
  const double inner = c->width - 33,
               height = line ? 0.65 * c->width
                             : PetscMin(PetscMax(inner * ly / lx, 15), 4 * c->width) + 17;
  char title[EDDY_DRAW_TEXT], label[EDDY_DRAW_TEXT], xlabel[EDDY_DRAW_TEXT], ylabel[EDDY_DRAW_TEXT];
  char name[EDDY_MAX_NAME + 8], unit[EDDY_MAX_NAME];
  EddyDraw d;

  PetscFunctionBeginUser;
  if (c->ncomp > 1)
    snprintf(name, sizeof name, "%s %" PetscInt_FMT, b->name, c->component);
  else
    snprintf(name, sizeof name, "%s", b->name);
  EddyDrawUnit(b->unit, c->length, c->time, unit);
  EddyDrawLabel(name, unit, label);
  EddyDrawLabel("x", c->length, xlabel);
  EddyDrawLabel("y", c->length, ylabel);
  snprintf(title, sizeof title, "t = %.6g%s%s", (double)r->t, c->time[0] ? " " : "", c->time);
  PetscCall(EddyDrawCreate(path, c->width, height, &d));
  if (line)
    PetscCall(DrawLine(c, d, title, xlabel, label));
  else {
    double *vertices;
    PetscCall(EddyPointsLayer(&c->box, c->n[2] / 2, &vertices));
    const EddyPicture picture = {.nx = c->n[0],
                                 .vertices = vertices,
                                 .ny = c->n[1],
                                 .data = c->whole + (size_t)(c->n[2] / 2) * c->n[1] * c->n[0],
                                 .x0 = c->box.lower[0],
                                 .x1 = c->box.upper[0],
                                 .y0 = c->box.lower[1],
                                 .y1 = c->box.upper[1],
                                 .equal = PETSC_TRUE,
                                 .lo = c->range[0],
                                 .hi = c->range[1],
                                 .map = maps[c->map],
                                 .xlabel = xlabel,
                                 .ylabel = ylabel,
                                 .title = title,
                                 .bar = label};
    PetscCall(EddyDrawPicture(d, EddyDrawPanel(d, 1, 1, 0), &picture));
    PetscCall(PetscFree(vertices));
  }
  PetscCall(EddyDrawDestroy(&d));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Write(EddyWriter w, const EddyRecord *r)
{
  Ctx *c = w->ctx;
  char folder[PATH], path[PATH], part[PATH + 8];
  int rank;

  PetscFunctionBeginUser;
  EddyAssert(c->which < r->nblock, c->comm, "output %s: record without its field", w->name);
  const EddyBlock *b = &r->blocks[c->which];
  PetscCall(Gather(c, b));
  FramePath(c, r->row, r->frame, folder, path, sizeof path);
  if (c->ntrajectories > 1)
    PetscCall(EddyMakeFolder(c->comm, folder));
  PetscCallMPI(MPI_Comm_rank(c->comm, &rank));
  if (!rank) {
    snprintf(part, sizeof part, "%s.part", path);
    PetscCall(DrawFrame(c, b, r, part));
    PetscCall(EddyFilePublish(part, path));
  }
  w->frames_done = (PetscInt64)r->trajectory * c->nframes + r->frame + 1;
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode Close(EddyWriter w, PetscBool complete)
{
  Ctx *c = w->ctx;
  PetscFunctionBeginUser;
  PetscCall(PetscFree2(c->whole, c->part));
  PetscFunctionReturn(PETSC_SUCCESS);
}

const EddyWriterOps eddy_writer_png = {
    .name = "png",
    .summary = "one PNG picture per snapshot",
    .extension = "",
    .ctx_size = sizeof(Ctx),
    .Create = Create,
    .Open = Open,
    .Write = Write,
    .Close = Close,
};
