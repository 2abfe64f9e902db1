/* SPDX-License-Identifier: BSD-3-Clause */
/* What a run stores: outputs (writer, schedule, fields, precision), each on the grid of the run or
   through filters.

   output:  {list: [set], set: {type: h5, every: 0.1, fields: [vorticity], filter: [a, b],
   precision: float32}} filters: {list: [a, b], a: {type: sharp, n: [64, 64]}, b: {type: gaussian,
   n: [64, 64], width: 2}}

   An output with filters makes one file per filter, set_a and set_b; subgrid_* fields exist only
   there. */
#include "pack.h"
#include "run_impl.h"
#include <float.h>
#include <string.h>

static const char *const kind_names[] = {"sharp", "gaussian", "box"};
static const char *const precision_names[] = {"float32", "float64"};

static const char *Key(char buffer[EDDY_MAX_PATH], const char *prefix, const char *word)
{
  snprintf(buffer, EDDY_MAX_PATH, "%s%s", prefix, word);
  return buffer;
}

/* Whether the run holds cell averages: its filters are averages too. */
static PetscErrorCode Averages(EddyOptions o, EddyPhysics p, PetscBool *cells)
{
  const char *disc;
  PetscFunctionBeginUser;
  PetscCall(EddyOptionsGetRaw(o, "disc_type", &disc));
  *cells = (PetscBool)(p && (disc ? !strcmp(disc, "fv") : !p->kernels.ToReal));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode FilterCreate(EddyOptions o, EddyPhysics p, EddyFilter *f)
{
  char prefix[2 * EDDY_MAX_NAME], key[EDDY_MAX_PATH];
  PetscInt k = 0, dealias = 0;
  PetscBool set = PETSC_FALSE, catalogue, cells = PETSC_FALSE;
  const PetscInt dim = p ? p->box.dim : 2;
  PetscFunctionBeginUser;
  snprintf(prefix, sizeof prefix, "filters_%s_", f->name);
  PetscCall(EddyOptionsIsCatalogue(o, &catalogue));
  PetscCall(Averages(o, catalogue ? NULL : p, &cells));
  if (cells)
    k = EDDY_FILTER_BOX;
  PetscCall(
      EddyOptionsChoice(o, Key(key, prefix, "type"), "kernel of the filter", kind_names, 3, k, &k));
  f->kind = (EddyFilterKind)k;
  for (int d = 0; d < 3; ++d)
    f->n[d] = 1;
  PetscCall(EddyOptionsInts(o, Key(key, prefix, "n"),
                            "grid of the LES it feeds, points per direction", dim, 4, PETSC_MAX_INT,
                            f->n, &set));
  if (!catalogue && p) {
    EddyOptionsCheck(set, o, key, "give the grid the filter stores, for example [64, 64]");
    for (int d = 0; d < dim; ++d)
      EddyOptionsCheck(f->n[d] <= p->box.n[d], o, key,
                       "%d points in direction %d: allowed are 4 to %d, the grid of the run",
                       (int)f->n[d], d, (int)p->box.n[d]);
  }
  PetscCall(EddyOptionsReal(o, Key(key, prefix, "width"), "width of the kernel", "cells of n",
                            cells ? 1 : 2, 0, 1e3, &f->width));
  PetscCall(EddyOptionsChoice(o, "disc_dealias", "dealiasing", EddyDealiasNames, 3, 0, &dealias));
  PetscCall(EddyOptionsChoice(o, Key(key, prefix, "dealias"), "dealiasing of the LES it feeds",
                              EddyDealiasNames, 3, dealias, &dealias));
  f->dealias = (EddyDealias)dealias;
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Fields asked for; default: the state. Names are checked against the physics here, shapes come
 * from the engine. */
static PetscErrorCode OutputFields(EddyOptions o, EddyPhysics p, const char *prefix,
                                   PetscBool filtered, EddyOutput *out)
{
  char key[EDDY_MAX_PATH], field[EDDY_MAX_PATH];
  const char *one;
  PetscBool catalogue, cells = PETSC_FALSE;
  PetscFunctionBeginUser;
  PetscCall(EddyOptionsIsCatalogue(o, &catalogue));
  PetscCall(EddyOptionsNames(o, Key(key, prefix, "fields"), "fields to store; default: the state",
                             EDDY_MAX_LIST, out->field, &out->nfield));
  if (catalogue || !p)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(Averages(o, p, &cells));
  PetscCall(EddyOptionsGetRaw(o, Key(field, prefix, "field"), &one));
  if (!out->nfield && one) { /* formats that show one field */
    PetscCall(PetscStrncpy(out->field[0], one, EDDY_MAX_NAME));
    PetscCall(PetscStrncpy(key, field, sizeof key));
    out->nfield = 1;
  }
  if (!out->nfield) {
    out->nfield = p->ncomp;
    for (PetscInt c = 0; c < p->ncomp; ++c)
      PetscCall(PetscStrncpy(out->field[c], p->comp[c], EDDY_MAX_NAME));
  }
  for (PetscInt k = 0; k < out->nfield; ++k) {
    for (PetscInt j = 0; j < k; ++j)
      EddyOptionsCheck(strcmp(out->field[j], out->field[k]), o, key, "field %s is named twice",
                       out->field[k]);
    if (!strncmp(out->field[k], "subgrid_", 8)) {
      EddyOptionsCheck(filtered, o, key, "%s exists only through a filter: give %sfilter",
                       out->field[k], prefix);
      EddyOptionsCheck(!cells, o, key, "%s is not offered by disc_type fv", out->field[k]);
    } else if (strncmp(out->field[k], "closure_out", 11) &&
               strncmp(out->field[k], "closure_flag", 12) &&
               strncmp(out->field[k], "closure_in_", 11) &&
               strncmp(out->field[k], "max_", 4)) { /* these are checked by their owner */
      EddyField f;
      PetscCall(EddyFieldFind(p, o, key, out->field[k], &f));
    }
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode SinkAdd(EddyOptions o, EddyOutputs os, PetscInt output, const char *filter,
                              const char *key)
{
  EddySink *s = &os->sink[os->nsink];
  const EddyOutput *out = &os->output[output];
  PetscFunctionBeginUser;
  EddyOptionsCheck(os->nsink < EDDY_MAX_SINK, o, key, "more than %d files in one run",
                   EDDY_MAX_SINK);
  ++os->nsink;
  s->output = output;
  PetscCall(PetscStrncpy(s->name, out->name, sizeof s->name));
  if (!filter)
    PetscFunctionReturn(PETSC_SUCCESS);
  const char *names[EDDY_MAX_LIST];
  for (PetscInt k = 0; k < os->nfilter; ++k) {
    names[k] = os->filter[k].name;
    if (strcmp(filter, names[k]))
      continue;
    s->filtered = PETSC_TRUE;
    s->filter = os->filter[k];
    const size_t used = strlen(s->name);
    snprintf(s->name + used, sizeof s->name - used, "_%.*s", EDDY_MAX_NAME - 1, filter);
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  const char *near = EddyNearest(filter, names, os->nfilter);
  PetscCall(EddyOptionsError(o, key, "no filter %s in filters_list%s%s%s", filter,
                             near ? " (nearest: " : "", near ? near : "", near ? ")" : ""));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode OutputCreate(EddyOptions o, EddyPhysics p, const EddyTimes *t, EddyOutputs os,
                                   PetscInt k)
{
  EddyOutput *out = &os->output[k];
  char prefix[2 * EDDY_MAX_NAME], key[EDDY_MAX_PATH], filter[EDDY_MAX_LIST][EDDY_MAX_NAME];
  PetscInt nfilter = 0, precision = 0;
  PetscBool catalogue;
  EddyWriter w;
  PetscFunctionBeginUser;
  PetscCall(EddyOptionsIsCatalogue(o, &catalogue));
  snprintf(prefix, sizeof prefix, "output_%s_", out->name);
  PetscCall(EddyScheduleCreate(o, prefix, t->start, t->end, &out->schedule));
  PetscCall(EddyOptionsNames(o, Key(key, prefix, "filter"), "filters, one file each", EDDY_MAX_LIST,
                             filter, &nfilter));
  if (!catalogue) {
    for (PetscInt j = 0; j < nfilter; ++j)
      PetscCall(SinkAdd(o, os, k, filter[j], key));
    if (!nfilter)
      PetscCall(SinkAdd(o, os, k, NULL, key));
  }
  PetscCall(OutputFields(o, p, prefix, nfilter ? PETSC_TRUE : PETSC_FALSE, out));
  PetscCall(EddyOptionsChoice(o, Key(key, prefix, "precision"), "stored numbers", precision_names,
                              2, 0, &precision));
  out->float64 = precision ? PETSC_TRUE : PETSC_FALSE;
  PetscCall(
      EddyWriterCreate(PETSC_COMM_SELF, o, out->name, &w)); /* reads the writer's own options */
  out->format = w->ops;
  PetscCall(EddyWriterDestroy(&w));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyOutputsCreate(EddyOptions o, EddyPhysics p, const EddyTimes *times,
                                 EddyOutputs *outputs)
{
  char names[EDDY_MAX_LIST][EDDY_MAX_NAME];
  EddyOutputs os;
  PetscFunctionBeginUser;
  PetscCall(PetscNew(&os));
  *outputs = os;
  PetscCall(
      EddyOptionsNames(o, "filters_list", "names of filters", EDDY_MAX_LIST, names, &os->nfilter));
  for (PetscInt k = 0; k < os->nfilter; ++k) {
    PetscCall(PetscStrncpy(os->filter[k].name, names[k], EDDY_MAX_NAME));
    PetscCall(FilterCreate(o, p, &os->filter[k]));
  }
  PetscCall(
      EddyOptionsNames(o, "output_list", "names of outputs", EDDY_MAX_LIST, names, &os->noutput));
  for (PetscInt k = 0; k < os->noutput; ++k) {
    PetscCall(PetscStrncpy(os->output[k].name, names[k], EDDY_MAX_NAME));
    PetscCall(OutputCreate(o, p, times, os, k));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyOutputsDestroy(EddyOutputs *outputs)
{
  PetscFunctionBeginUser;
  if (!*outputs)
    PetscFunctionReturn(PETSC_SUCCESS);
  for (PetscInt k = 0; k < (*outputs)->noutput; ++k)
    PetscCall(EddyScheduleDestroy(&(*outputs)->output[k].schedule));
  PetscCall(PetscFree(*outputs));
  PetscFunctionReturn(PETSC_SUCCESS);
}

static PetscErrorCode SinkGet(EddyRun r, PetscInt k)
{
  EddyOutputs os = r->outputs;
  const EddyOutput *out = &os->output[os->sink[k].output];
  const char *names[EDDY_MAX_LIST];
  PetscFunctionBeginUser;
  for (PetscInt j = 0; j < out->nfield; ++j)
    names[j] = out->field[j];
  PetscCall(r->disc->ops->GetFields(r->disc, k, &r->st, r->u,
                                    os->sink[k].filtered ? &os->sink[k].filter : NULL, out->nfield,
                                    names, os->block[k]));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyOutputsDescribe(EddyRun r)
{
  EddyOutputs os = r->outputs;
  PetscFunctionBeginUser;
  if (!r->u)
    PetscCall(EddyDiscCreateState(r->disc, &r->u)); /* zero will do */
  for (PetscInt k = 0; k < os->nsink; ++k) {
    PetscCall(SinkGet(r, k));
    for (PetscInt j = 0; j < os->output[os->sink[k].output].nfield; ++j) {
      os->sink[k].field[j] = os->block[k][j];
      os->sink[k].field[j].data = NULL;
    }
    for (int d = 0; d < 3; ++d)
      os->sink[k].n[d] = os->block[k][0].n[d];
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyFilesOpen(MPI_Comm comm, EddyOptions o, EddyOutputs os, const EddyBox *box,
                             const EddyFilesPlan *p, EddyFiles *files)
{
  PetscFunctionBeginUser;
  files->comm = comm;
  files->n = os->nsink;
  for (PetscInt k = 0; k < os->nsink; ++k) {
    const EddySink *s = &os->sink[k];
    const EddyOutput *out = &os->output[s->output];
    char path[EDDY_MAX_PATH];
    files->writer[k] = NULL;
    if (p->use && !p->use[k])
      continue;
    EddyWriterPlan plan = {.comm = comm,
                           .path = p->path(p->ctx, k, path),
                           .dataset_name = p->dataset_name,
                           .box = *box,
                           .ntrajectories = p->ntrajectories,
                           .nframes = out->schedule.n,
                           .times = out->schedule.times,
                           .nfield = out->nfield,
                           .fields = s->field,
                           .nparameter = p->nparameter,
                           .parameters = p->parameters,
                           .row = p->row,
                           .provenance = p->provenance,
                           .float64 = out->float64,
                           .resume = p->resume};
    for (int d = 0; d < 3; ++d)
      plan.n[d] = s->n[d];
    PetscCall(EddyWriterCreate(comm, o, out->name, &files->writer[k]));
    PetscCall(files->writer[k]->ops->Open(files->writer[k], &plan));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyFilesSync(EddyFiles *f)
{
  PetscFunctionBeginUser;
  for (PetscInt k = 0; k < f->n; ++k)
    if (f->writer[k] && f->writer[k]->ops->Sync)
      PetscCall(f->writer[k]->ops->Sync(f->writer[k]));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyFilesClose(EddyFiles *f, PetscBool complete)
{
  PetscFunctionBeginUser;
  for (PetscInt k = 0; k < f->n; ++k) {
    if (!f->writer[k])
      continue;
    PetscCall(f->writer[k]->ops->Close(f->writer[k], complete));
    PetscCall(EddyWriterDestroy(&f->writer[k]));
  }
  f->n = 0;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyFilesWrite(void *ctx, PetscInt sink, const EddyRecord *record)
{
  EddyFiles *f = (EddyFiles *)ctx;
  PetscFunctionBeginUser;
  if (f->writer[sink])
    PetscCall(f->writer[sink]->ops->Write(f->writer[sink], record));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/* Finite, and not beyond the largest number of the stored precision. */
static PetscBool Storable(const EddyBlock *b, double largest)
{
  return EddyPackKernelsGet()->Within((size_t)b->ncomp * (size_t)b->count[0] * (size_t)b->count[1] *
                                          (size_t)b->count[2],
                                      b->data, largest);
}

static PetscErrorCode WriteOutput(EddyRun r, PetscInt k, PetscBool *ok)
{
  EddyOutputs os = r->outputs;
  const EddyOutput *out = &os->output[k];
  int bad[2] = {-1, r->rank}; /* 1 + field, on the lowest rank that has it */
  PetscFunctionBeginUser;
  for (PetscInt s = 0; s < os->nsink; ++s) {
    if (os->sink[s].output != k)
      continue;
    PetscCall(SinkGet(r, s));
    for (PetscInt j = 0; j < out->nfield; ++j)
      if (!Storable(&os->block[s][j], out->float64 ? DBL_MAX : FLT_MAX) && bad[0] < 0)
        bad[0] = (int)j;
  }
  PetscCallMPI(MPI_Allreduce(MPI_IN_PLACE, bad, 1, MPI_2INT, MPI_MAXLOC, r->comm));
  if (bad[0] >= 0) {
    *ok = PETSC_FALSE;
    r->bad_rank = bad[1];
    snprintf(r->message, sizeof r->message,
             "step %lld, t = %.6g: field %s of output %s is not a number that %s can hold",
             (long long)r->st.step, (double)r->st.t, out->field[bad[0]], out->name,
             precision_names[out->float64 ? 1 : 0]);
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  for (PetscInt s = 0; s < os->nsink; ++s) {
    if (os->sink[s].output != k || !r->frame)
      continue;
    const EddyRecord record = {.frame = out->schedule.next,
                               .row = (PetscInt64)r->st.row,
                               .step = r->st.step,
                               .t = r->st.t,
                               .seed = r->st.seed,
                               .nblock = out->nfield,
                               .blocks = os->block[s]};
    PetscCall(r->frame(r->frame_ctx, s, &record));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyRunWriteDue(EddyRun r, PetscBool *ok)
{
  PetscFunctionBeginUser;
  *ok = PETSC_TRUE;
  for (PetscInt k = 0; k < r->outputs->noutput && *ok; ++k) {
    EddySchedule *s = &r->outputs->output[k].schedule;
    while (*ok && EddyScheduleDue(s, r->st.t)) {
      PetscCall(WriteOutput(r, k, ok));
      if (*ok)
        EddyScheduleAdvance(s);
    }
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}
