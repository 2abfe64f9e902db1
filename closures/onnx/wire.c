/* SPDX-License-Identifier: BSD-3-Clause */
/* Walks the bytes of a file before protobuf-c may allocate for them: a file of a few bytes can name millions of nested
   or repeated messages. Bounds are on nesting and on the number of fields; the walk itself uses a small stack and no heap. */
#include "onnx_impl.h"
#include <protobuf-c/protobuf-c.h>

typedef struct {
  const uint8_t *p, *end;
  int fields;
  const char *why;
} Wire;

static PetscBool Varint(Wire *w, uint64_t *v)
{
  *v = 0;
  for (int k = 0; k < 10 && w->p < w->end; ++k) {
    const uint8_t b = *w->p++;
    *v |= (uint64_t)(b & 127) << (7 * k);
    if (!(b & 128))
      return PETSC_TRUE;
  }
  w->why = "a number does not end";
  return PETSC_FALSE;
}

static PetscBool Skip(Wire *w, uint64_t n)
{
  if (n > (uint64_t)(w->end - w->p)) {
    w->why = "the file ends inside a field (truncated?)";
    return PETSC_FALSE;
  }
  w->p += n;
  return PETSC_TRUE;
}

static PetscBool Message(Wire *w, const ProtobufCMessageDescriptor *d, int depth)
{
  if (depth > 32) {
    w->why = "messages are nested more than 32 deep";
    return PETSC_FALSE;
  }
  while (w->p < w->end) {
    uint64_t tag, n;
    if (++w->fields > OX_MAX_FIELDS) {
      w->why = "more than 2^20 fields";
      return PETSC_FALSE;
    }
    if (!Varint(w, &tag))
      return PETSC_FALSE;
    const int kind = (int)(tag & 7);
    const ProtobufCFieldDescriptor *field = NULL;
    if (tag >> 3 == 0 || tag >> 32) {
      w->why = "not a field number";
      return PETSC_FALSE;
    }
    for (unsigned k = 0; d && k < d->n_fields; ++k)
      if (d->fields[k].id == tag >> 3)
        field = &d->fields[k];
    if (kind == 0) {
      if (!Varint(w, &n))
        return PETSC_FALSE;
    } else if (kind == 1 || kind == 5) {
      if (!Skip(w, kind == 1 ? 8 : 4))
        return PETSC_FALSE;
    } else if (kind == 2) {
      if (!Varint(w, &n))
        return PETSC_FALSE;
      const uint8_t *start = w->p, *end = w->end;
      if (!Skip(w, n))
        return PETSC_FALSE;
      if (field && field->type == PROTOBUF_C_TYPE_MESSAGE) {
        w->p = start, w->end = start + n;
        if (!Message(w, field->descriptor, depth + 1))
          return PETSC_FALSE;
        w->end = end;
      }
    } else {
      w->why = "a field has an unknown kind";
      return PETSC_FALSE;
    }
  }
  return PETSC_TRUE;
}

PetscErrorCode OxPrescan(MPI_Comm comm, const char *label, const void *descriptor,
                         const void *bytes, size_t n)
{
  Wire w = {.p = bytes, .end = (const uint8_t *)bytes + n};

  PetscFunctionBeginUser;
  OxRequire(n > 0, comm, "%s: the file is empty", label);
  OxRequire(n <= OX_MAX_FILE, comm, "%s: larger than 256 MiB", label);
  OxRequire(Message(&w, descriptor, 0), comm, "%s: not an ONNX file: %s, byte %td of %zu", label,
            w.why, w.p - (const uint8_t *)bytes, n);
  PetscFunctionReturn(PETSC_SUCCESS);
}
