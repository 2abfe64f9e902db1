/* SPDX-License-Identifier: BSD-3-Clause */
/* Operators by family; the table of all of them is in ops.c. */
#ifndef EDDY_ONNX_OPS_H
#define EDDY_ONNX_OPS_H
#include "onnx_impl.h"

#define OX_OPERATOR(name) PetscErrorCode OxOp##name(OxExec *x)
/* ops_math.c */
OX_OPERATOR(Unary);
OX_OPERATOR(Add);
OX_OPERATOR(Sub);
OX_OPERATOR(Mul);
OX_OPERATOR(Div);
OX_OPERATOR(Pow);
OX_OPERATOR(PRelu);
OX_OPERATOR(Equal);
OX_OPERATOR(Greater);
OX_OPERATOR(Less);
OX_OPERATOR(Max);
OX_OPERATOR(Min);
OX_OPERATOR(Where);
OX_OPERATOR(Clip);
OX_OPERATOR(Cast);
double OxAbs(double v, const double p[]);
double OxNeg(double v, const double p[]);
double OxSqrt(double v, const double p[]);
double OxExp(double v, const double p[]);
double OxLog(double v, const double p[]);
double OxErf(double v, const double p[]);
double OxTanh(double v, const double p[]);
double OxSigmoid(double v, const double p[]);
double OxSoftplus(double v, const double p[]);
double OxRelu(double v, const double p[]);
double OxLeakyRelu(double v, const double p[]);
double OxElu(double v, const double p[]);
double OxSelu(double v, const double p[]);
double OxCelu(double v, const double p[]);
double OxHardSigmoid(double v, const double p[]);
double OxHardSwish(double v, const double p[]);
double OxGelu(double v, const double p[]);
double OxMish(double v, const double p[]);
/* ops_move.c, ops_index.c */
OX_OPERATOR(Identity);
OX_OPERATOR(Constant);
OX_OPERATOR(ConstantOfShape);
OX_OPERATOR(Shape);
OX_OPERATOR(Reshape);
OX_OPERATOR(Flatten);
OX_OPERATOR(Squeeze);
OX_OPERATOR(Unsqueeze);
OX_OPERATOR(Transpose);
OX_OPERATOR(Expand);
OX_OPERATOR(Slice);
OX_OPERATOR(Concat);
OX_OPERATOR(Split);
OX_OPERATOR(Gather);
OX_OPERATOR(ScatterElements);
OX_OPERATOR(Pad);
/* ops_linear.c */
OX_OPERATOR(MatMul);
OX_OPERATOR(Gemm);
OX_OPERATOR(Einsum);
/* ops_reduce.c */
OX_OPERATOR(ReduceSum);
OX_OPERATOR(ReduceMean);
OX_OPERATOR(ReduceMax);
OX_OPERATOR(ReduceMin);
OX_OPERATOR(Softmax);
OX_OPERATOR(BatchNormalization);
OX_OPERATOR(InstanceNormalization);
OX_OPERATOR(GroupNormalization);
OX_OPERATOR(LayerNormalization);
/* ops_conv.c, ops_pool.c, ops_resize.c */
OX_OPERATOR(Conv);
OX_OPERATOR(ConvTranspose);
OX_OPERATOR(MaxPool);
OX_OPERATOR(AveragePool);
OX_OPERATOR(GlobalAveragePool);
OX_OPERATOR(GlobalMaxPool);
OX_OPERATOR(Resize);

/* Windows of Conv and the pools along the spatial axes (tensor axes 2 and up). */
typedef struct {
  int n;
  int64_t size[OX_RANK], out[OX_RANK], kernel[OX_RANK], stride[OX_RANK], dilation[OX_RANK],
      begin[OX_RANK], end[OX_RANK];
} OxWindow;
/* Reads strides, dilations, pads, auto_pad; out by the rule of Conv and the pools (ceil_mode). */
PetscErrorCode OxWindowSetUp(OxExec *x, const OxTensor *in, const int64_t kernel[],
                             PetscBool ceil_mode, OxWindow *w);
/* Reads the lists only. */
PetscErrorCode OxWindowLists(OxExec *x, int n, OxWindow *w);
#endif
