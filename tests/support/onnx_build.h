/* SPDX-License-Identifier: BSD-3-Clause */
/* Small network files made in memory for tests. Shapes are written as in "N,2,H,W": words are symbols. */
#ifndef EDDY_TEST_ONNX_BUILD_H
#define EDDY_TEST_ONNX_BUILD_H
#include "onnx_model.h"
#include <onnx.pb-c.h>

Onnx__ModelProto *onnx_build(int opset);
void onnx_build_free(Onnx__ModelProto *m);
void onnx_input(Onnx__ModelProto *m, const char *name, EddyOnnxType type, const char *shape);
void onnx_output(Onnx__ModelProto *m, const char *name, EddyOnnxType type, const char *shape);
/* Weights: `values` doubles stored as float (or double), or integers; shape of numbers. */
void onnx_weight(Onnx__ModelProto *m, const char *name, EddyOnnxType type, const char *shape,
                 const double *values);
/* Names of inputs and outputs separated by blanks; "-" leaves one out. */
Onnx__NodeProto *onnx_node(Onnx__ModelProto *m, const char *op, const char *inputs,
                           const char *outputs);
void onnx_int(Onnx__NodeProto *n, const char *name, int64_t value);
void onnx_float(Onnx__NodeProto *n, const char *name, double value);
void onnx_string(Onnx__NodeProto *n, const char *name, const char *value);
void onnx_ints(Onnx__NodeProto *n, const char *name, const char *values);
void onnx_meta(Onnx__ModelProto *m, const char *key, const char *value);
/* Packed bytes, to be freed. */
uint8_t *onnx_pack(const Onnx__ModelProto *m, size_t *n);
/* Loads and frees the build. Errors expected when `fails`: returns NULL then. */
EddyOnnxModel onnx_load(Onnx__ModelProto *m, PetscBool fails);
/* Circular padding by p cells along tensor axis 2 or 3 as exporters write it, value `in` to `out`; with `wrong` as older ones did. */
void onnx_circular(Onnx__ModelProto *m, const char *in, const char *out, int axis, int p,
                   PetscBool wrong);
/* A convolution network with circular padding: input x [N,2,H,W], affine, 3x3 to 4 channels, tanh, 5x5 to 1, output y. */
Onnx__ModelProto *onnx_cnn(PetscBool wrong);
/* A pointwise network on [n,3]: affine, 8 x Gelu of five nodes, 8 x x Sigmoid(x), 2. */
Onnx__ModelProto *onnx_mlp(void);
/* Text of doubles in base64. */
char *onnx_base64(const void *bytes, size_t n);
#endif
