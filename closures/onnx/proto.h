/* SPDX-License-Identifier: BSD-3-Clause */
/* What knows the generated reader of the file format. */
#ifndef EDDY_ONNX_PROTO_H
#define EDDY_ONNX_PROTO_H
#include "onnx_impl.h"
#include <onnx.pb-c.h>

/* A tensor of the file as the interpreter holds it; `what` names it in messages. Allocates out->p. */
PetscErrorCode OxDecode(MPI_Comm comm, const char *what, const Onnx__TensorProto *t, OxTensor *out);
/* The whole file; *n = -1 when it cannot be read, -2 when it is too large. Free *bytes. */
void OxReadFile(const char *path, long long *n, char **bytes);
#endif
