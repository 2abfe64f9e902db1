/* SPDX-License-Identifier: BSD-3-Clause */
/* Tensors as the file format stores them, and reading of files. */
#include "proto.h"
#include <stdio.h>

/* Elements present in the typed fields, and element k of them. */
static size_t Typed(const Onnx__TensorProto *t)
{
  switch (t->data_type) {
  case EDDY_ONNX_FLOAT:
    return t->n_float_data;
  case EDDY_ONNX_DOUBLE:
    return t->n_double_data;
  case EDDY_ONNX_INT64:
    return t->n_int64_data;
  case EDDY_ONNX_UINT32:
  case EDDY_ONNX_UINT64:
    return t->n_uint64_data;
  default:
    return t->n_int32_data;
  }
}

static void Element(const Onnx__TensorProto *t, size_t k, void *to)
{
  switch (t->data_type) {
  case EDDY_ONNX_FLOAT:
    memcpy(to, &t->float_data[k], 4);
    break;
  case EDDY_ONNX_DOUBLE:
    memcpy(to, &t->double_data[k], 8);
    break;
  case EDDY_ONNX_INT64:
    memcpy(to, &t->int64_data[k], 8);
    break;
  case EDDY_ONNX_UINT64:
    memcpy(to, &t->uint64_data[k], 8);
    break;
  case EDDY_ONNX_UINT32:
    *(uint32_t *)to = (uint32_t)t->uint64_data[k];
    break;
  case EDDY_ONNX_INT32:
    memcpy(to, &t->int32_data[k], 4);
    break;
  case EDDY_ONNX_BOOL:
  case EDDY_ONNX_INT8:
  case EDDY_ONNX_UINT8:
    *(uint8_t *)to = (uint8_t)t->int32_data[k];
    break;
  default:
    *(uint16_t *)to = (uint16_t)t->int32_data[k];
  }
}

/* Memory is bounded by what the file holds: the number of elements must be there before it is allocated. */
static PetscErrorCode Decode(MPI_Comm comm, const char *what, const Onnx__TensorProto *t,
                             EddyTensor *out)
{
  const EddyOnnxType type = (EddyOnnxType)t->data_type;
  const size_t size = EddyOnnxTypeSize(type);

  PetscFunctionBeginUser;
  memset(out, 0, sizeof(*out));
  OxRequire(size, comm, "%s is a tensor of %s: not handled", what, EddyOnnxTypeName(type));
  OxRequire(
      t->data_location != ONNX__TENSOR_PROTO__DATA_LOCATION__EXTERNAL && t->n_external_data == 0,
      comm, "%s keeps its data in another file: export the model with the weights inside", what);
  OxRequire(!t->segment, comm, "%s is stored in segments: not handled", what);
  OxRequire(t->n_dims <= OX_RANK, comm, "%s has rank %zu, at most %d is handled", what, t->n_dims,
            (int)OX_RANK);
  const int64_t n = OxProduct((int)t->n_dims, t->dims);
  OxRequire(n >= 0, comm, "%s has an impossible shape", what);
  const size_t have = t->has_raw_data ? t->raw_data.len / size : Typed(t);
  OxRequire(have == (size_t)n && (!t->has_raw_data || t->raw_data.len % size == 0), comm,
            "%s has %lld elements by its shape and %zu in the file", what, (long long)n, have);
  PetscCall(EddyTensorCreate(type, (int)t->n_dims, t->dims, out));
  if (t->has_raw_data && n)
    memcpy(out->data, t->raw_data.data, (size_t)n * size);
  for (size_t k = 0; !t->has_raw_data && k < (size_t)n; ++k)
    Element(t, k, (char *)out->data + k * size);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode OxDecode(MPI_Comm comm, const char *what, const Onnx__TensorProto *t, OxTensor *out)
{
  EddyTensor e = {0};

  PetscFunctionBeginUser;
  PetscCall(Decode(comm, what, t, &e));
  const PetscErrorCode ierr = OxTensorCopyIn(comm, what, &e, out);
  PetscCall(EddyTensorDestroy(&e));
  PetscCall(ierr);
  PetscFunctionReturn(PETSC_SUCCESS);
}

void OxReadFile(const char *path, long long *n, char **bytes)
{
  FILE *f = fopen(path, "rb");
  *n = -1;
  *bytes = NULL;
  if (!f)
    return;
  if (!fseek(f, 0, SEEK_END) && (*n = ftell(f)) >= 0 && !fseek(f, 0, SEEK_SET)) {
    if ((unsigned long long)*n > OX_MAX_FILE)
      *n = -2;
    else if (!(*bytes = malloc((size_t)*n + 1)) || fread(*bytes, 1, (size_t)*n, f) != (size_t)*n)
      *n = -1;
  }
  fclose(f);
}

PetscErrorCode EddyTensorLoad(const char *path, EddyTensor *t)
{
  long long n;
  char *bytes;

  PetscFunctionBeginUser;
  OxReadFile(path, &n, &bytes);
  if (n < 0)
    free(bytes);
  OxRequire(n >= 0, PETSC_COMM_SELF, "%s: cannot be read", path);
  PetscErrorCode ierr =
      OxPrescan(PETSC_COMM_SELF, path, &onnx__tensor_proto__descriptor, bytes, (size_t)n);
  Onnx__TensorProto *p =
      ierr ? NULL : onnx__tensor_proto__unpack(NULL, (size_t)n, (const uint8_t *)bytes);
  free(bytes);
  PetscCall(ierr);
  OxRequire(p, PETSC_COMM_SELF, "%s: not a tensor file", path);
  ierr = Decode(PETSC_COMM_SELF, path, p, t);
  onnx__tensor_proto__free_unpacked(p, NULL);
  PetscCall(ierr);
  PetscFunctionReturn(PETSC_SUCCESS);
}
