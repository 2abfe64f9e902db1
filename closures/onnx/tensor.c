/* SPDX-License-Identifier: BSD-3-Clause */
/* Element types: names, sizes, conversion between the types of the file and the two the interpreter computes in. */
#include "onnx_impl.h"

static const struct {
  EddyOnnxType type;
  const char *name;
  size_t size;
} types[] = {
    {EDDY_ONNX_FLOAT, "float", 4},       {EDDY_ONNX_DOUBLE, "double", 8},
    {EDDY_ONNX_INT64, "int64", 8},       {EDDY_ONNX_INT32, "int32", 4},
    {EDDY_ONNX_BOOL, "bool", 1},         {EDDY_ONNX_FLOAT16, "float16", 2},
    {EDDY_ONNX_BFLOAT16, "bfloat16", 2}, {EDDY_ONNX_UINT8, "uint8", 1},
    {EDDY_ONNX_INT8, "int8", 1},         {EDDY_ONNX_UINT16, "uint16", 2},
    {EDDY_ONNX_INT16, "int16", 2},       {EDDY_ONNX_UINT32, "uint32", 4},
    {EDDY_ONNX_UINT64, "uint64", 8},     {EDDY_ONNX_STRING, "string", 0},
};

const char *EddyOnnxTypeName(EddyOnnxType type)
{
  for (size_t k = 0; k < sizeof(types) / sizeof(*types); ++k)
    if (types[k].type == type)
      return types[k].name;
  return "an unknown type";
}

size_t EddyOnnxTypeSize(EddyOnnxType type)
{
  for (size_t k = 0; k < sizeof(types) / sizeof(*types); ++k)
    if (types[k].type == type)
      return types[k].size;
  return 0;
}

int64_t EddyTensorCount(const EddyTensor *t) { return OxProduct(t->rank, t->dims); }

/* -1 when the product does not fit. */
int64_t OxProduct(int n, const int64_t dims[])
{
  int64_t p = 1;
  for (int d = 0; d < n; ++d) {
    if (dims[d] < 0 || __builtin_mul_overflow(p, dims[d], &p) || p > ((int64_t)1 << 48))
      return -1;
  }
  return p;
}

void OxStrides(int rank, const int64_t dims[], int64_t stride[])
{
  int64_t s = 1;
  for (int d = rank - 1; d >= 0; --d) {
    stride[d] = s;
    s *= dims[d];
  }
}

PetscErrorCode EddyTensorCreate(EddyOnnxType type, int rank, const int64_t dims[], EddyTensor *t)
{
  PetscFunctionBeginUser;
  memset(t, 0, sizeof(*t));
  t->type = type;
  t->rank = rank;
  OxRequire(rank >= 0 && rank <= OX_RANK, PETSC_COMM_SELF, "tensor of rank %d: at most %d", rank,
            (int)OX_RANK);
  for (int d = 0; d < rank; ++d)
    t->dims[d] = dims[d];
  const int64_t n = EddyTensorCount(t);
  const size_t size = EddyOnnxTypeSize(type);
  OxRequire(size > 0, PETSC_COMM_SELF, "tensor of %s: not handled", EddyOnnxTypeName(type));
  OxRequire(n >= 0 && (size_t)n <= EDDY_ONNX_MAX_BYTES / size, PETSC_COMM_SELF,
            "tensor is larger than %zu bytes", EDDY_ONNX_MAX_BYTES);
  PetscCall(PetscMalloc(PetscMax(1, (size_t)n * size), &t->data));
  memset(t->data, 0, (size_t)n * size);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode EddyTensorDestroy(EddyTensor *t)
{
  PetscFunctionBeginUser;
  PetscCall(PetscFree(t->data));
  memset(t, 0, sizeof(*t));
  PetscFunctionReturn(PETSC_SUCCESS);
}

double OxHalfToDouble(uint16_t h)
{
  const int e = (h >> 10) & 31, f = h & 1023;
  const double s = h & 0x8000 ? -1 : 1;
  if (e == 31)
    return f ? NAN : s * INFINITY;
  return e ? s * ldexp(1024 + f, e - 25) : s * ldexp(f, -24);
}

/* Nearest, ties to even. */
uint16_t OxDoubleToHalf(double v)
{
  const uint16_t s = signbit(v) ? 0x8000 : 0;
  int e;
  if (isnan(v))
    return s | 0x7e00;
  v = fabs(v);
  if (v >= 65520)
    return s | 0x7c00;
  if (v < ldexp(1, -14))
    return s | (uint16_t)nearbyint(ldexp(v, 24));
  const double f = frexp(v, &e); /* v = f 2^e, f in [1/2, 1) */
  return s | (uint16_t)(((e + 13) << 10) + (int)nearbyint(ldexp(f, 11)));
}

static double BrainToDouble(uint16_t h)
{
  const uint32_t u = (uint32_t)h << 16;
  float f;
  memcpy(&f, &u, 4);
  return f;
}

static uint16_t DoubleToBrain(double v)
{
  const float f = (float)v;
  uint32_t u;
  memcpy(&u, &f, 4);
  if (isnan(v))
    return 0x7fc0;
  u += 0x7fff + ((u >> 16) & 1);
  return (uint16_t)(u >> 16);
}

static int64_t Wrap(EddyOnnxType type, int64_t v)
{
  switch (type) {
  case EDDY_ONNX_INT8:
    return (int8_t)v;
  case EDDY_ONNX_UINT8:
    return (uint8_t)v;
  case EDDY_ONNX_INT16:
    return (int16_t)v;
  case EDDY_ONNX_UINT16:
    return (uint16_t)v;
  case EDDY_ONNX_INT32:
    return (int32_t)v;
  case EDDY_ONNX_UINT32:
    return (uint32_t)v;
  case EDDY_ONNX_BOOL:
    return v != 0;
  default:
    return v;
  }
}

void OxRound(OxTensor *t, PetscBool f64)
{
  if (!t->p || t->type == EDDY_ONNX_DOUBLE || t->type == EDDY_ONNX_INT64 ||
      (f64 && OxIsReal(t->type)))
    return;
  for (int64_t k = 0; k < t->n; ++k)
    switch (t->type) {
    case EDDY_ONNX_FLOAT:
      t->d[k] = (float)t->d[k];
      break;
    case EDDY_ONNX_FLOAT16:
      t->d[k] = OxHalfToDouble(OxDoubleToHalf(t->d[k]));
      break;
    case EDDY_ONNX_BFLOAT16:
      t->d[k] = BrainToDouble(DoubleToBrain(t->d[k]));
      break;
    default:
      t->i[k] = Wrap(t->type, t->i[k]);
    }
}

static int64_t GetInt(const EddyTensor *t, int64_t k)
{
  switch (t->type) {
  case EDDY_ONNX_INT8:
    return ((const int8_t *)t->data)[k];
  case EDDY_ONNX_UINT8:
    return ((const uint8_t *)t->data)[k];
  case EDDY_ONNX_BOOL:
    return ((const uint8_t *)t->data)[k] != 0;
  case EDDY_ONNX_INT16:
    return ((const int16_t *)t->data)[k];
  case EDDY_ONNX_UINT16:
    return ((const uint16_t *)t->data)[k];
  case EDDY_ONNX_INT32:
    return ((const int32_t *)t->data)[k];
  case EDDY_ONNX_UINT32:
    return ((const uint32_t *)t->data)[k];
  default:
    return ((const int64_t *)t->data)[k];
  }
}

static void SetInt(EddyTensor *t, int64_t k, int64_t v)
{
  switch (EddyOnnxTypeSize(t->type)) {
  case 1:
    ((int8_t *)t->data)[k] = (int8_t)v;
    break;
  case 2:
    ((int16_t *)t->data)[k] = (int16_t)v;
    break;
  case 4:
    ((int32_t *)t->data)[k] = (int32_t)v;
    break;
  default:
    ((int64_t *)t->data)[k] = v;
  }
}

double EddyTensorGet(const EddyTensor *t, int64_t k)
{
  switch (t->type) {
  case EDDY_ONNX_FLOAT:
    return ((const float *)t->data)[k];
  case EDDY_ONNX_DOUBLE:
    return ((const double *)t->data)[k];
  case EDDY_ONNX_FLOAT16:
    return OxHalfToDouble(((const uint16_t *)t->data)[k]);
  case EDDY_ONNX_BFLOAT16:
    return BrainToDouble(((const uint16_t *)t->data)[k]);
  case EDDY_ONNX_UINT64:
    return (double)((const uint64_t *)t->data)[k];
  default:
    return (double)GetInt(t, k);
  }
}

void EddyTensorSet(EddyTensor *t, int64_t k, double value)
{
  switch (t->type) {
  case EDDY_ONNX_FLOAT:
    ((float *)t->data)[k] = (float)value;
    break;
  case EDDY_ONNX_DOUBLE:
    ((double *)t->data)[k] = value;
    break;
  case EDDY_ONNX_FLOAT16:
    ((uint16_t *)t->data)[k] = OxDoubleToHalf(value);
    break;
  case EDDY_ONNX_BFLOAT16:
    ((uint16_t *)t->data)[k] = DoubleToBrain(value);
    break;
  default:
    SetInt(t, k, (int64_t)value);
  }
}

PetscErrorCode OxTensorCopyIn(MPI_Comm comm, const char *what, const EddyTensor *t, OxTensor *o)
{
  PetscFunctionBeginUser;
  memset(o, 0, sizeof(*o));
  o->type = t->type;
  o->rank = t->rank;
  memcpy(o->dims, t->dims, sizeof(o->dims));
  o->n = EddyTensorCount(t);
  OxRequire(o->n >= 0 && (size_t)o->n < EDDY_ONNX_MAX_BYTES / 8, comm, "%s: tensor is too large",
            what);
  if (t->type == EDDY_ONNX_UINT64)
    for (int64_t k = 0; k < o->n; ++k)
      OxRequire(((const uint64_t *)t->data)[k] <= INT64_MAX, comm,
                "%s: uint64 value beyond 2^63 - 1", what);
  o->p = malloc((size_t)PetscMax(1, o->n) * 8);
  PetscCheck(o->p, comm, PETSC_ERR_MEM, "%s: out of memory", what);
  for (int64_t k = 0; k < o->n; ++k)
    if (OxIsReal(t->type))
      o->d[k] = EddyTensorGet(t, k);
    else
      o->i[k] = GetInt(t, k);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode OxTensorCopyOut(const OxTensor *o, PetscBool f64, EddyTensor *t)
{
  const EddyOnnxType type = f64 && OxIsReal(o->type) ? EDDY_ONNX_DOUBLE : o->type;

  PetscFunctionBeginUser;
  PetscCall(EddyTensorCreate(type, o->rank, o->dims, t));
  for (int64_t k = 0; k < o->n; ++k)
    if (OxIsReal(type))
      EddyTensorSet(t, k, o->d[k]);
    else
      SetInt(t, k, o->i[k]);
  PetscFunctionReturn(PETSC_SUCCESS);
}
