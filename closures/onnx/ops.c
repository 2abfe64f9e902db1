/* SPDX-License-Identifier: BSD-3-Clause */
/* Table of operators: function, number of inputs and outputs, first opset, cost, attributes. An attribute that is not listed stops
   the load, so that a meaning we do not know is never ignored. */
#include "ops.h"

#define REAL(name, since, attributes) \
  { \
#name, OxOpUnary, 1, 1, 1, since, OX_LIGHT, attributes, Ox##name \
  }
#define ANY OX_MAX_IO
static const OxOp ops[] = {
    REAL(Abs, 6, ""),
    {"Add", OxOpAdd, 2, 2, 1, 1, OX_LIGHT, "axis broadcast", NULL},
    {"AveragePool", OxOpAveragePool, 1, 1, 1, 1, OX_HEAVY,
     "auto_pad ceil_mode count_include_pad dilations kernel_shape pads strides", NULL},
    {"BatchNormalization", OxOpBatchNormalization, 5, 5, 5, 6, OX_LIGHT,
     "epsilon momentum spatial is_test training_mode", NULL},
    {"Cast", OxOpCast, 1, 1, 1, 6, OX_LIGHT, "to saturate", NULL},
    REAL(Celu, 12, "alpha"),
    {"Clip", OxOpClip, 1, 3, 1, 6, OX_LIGHT, "min max", NULL},
    {"Concat", OxOpConcat, 1, ANY, 1, 4, OX_LIGHT, "axis", NULL},
    {"Constant", OxOpConstant, 0, 0, 1, 1, OX_LIGHT,
     "value value_float value_floats value_int value_ints", NULL},
    {"ConstantOfShape", OxOpConstantOfShape, 1, 1, 1, 9, OX_LIGHT, "value", NULL},
    {"Conv", OxOpConv, 2, 3, 1, 1, OX_HEAVY, "auto_pad dilations group kernel_shape pads strides",
     NULL},
    {"ConvTranspose", OxOpConvTranspose, 2, 3, 1, 1, OX_HEAVY,
     "auto_pad dilations group kernel_shape output_padding output_shape pads strides", NULL},
    {"Div", OxOpDiv, 2, 2, 1, 1, OX_LIGHT, "axis broadcast", NULL},
    {"Einsum", OxOpEinsum, 1, 8, 1, 12, OX_HEAVY, "equation", NULL},
    REAL(Elu, 6, "alpha"),
    {"Equal", OxOpEqual, 2, 2, 1, 1, OX_LIGHT, "axis broadcast", NULL},
    REAL(Erf, 9, ""),
    REAL(Exp, 6, ""),
    {"Expand", OxOpExpand, 2, 2, 1, 8, OX_LIGHT, "", NULL},
    {"Flatten", OxOpFlatten, 1, 1, 1, 1, OX_LIGHT, "axis", NULL},
    {"Gather", OxOpGather, 2, 2, 1, 1, OX_LIGHT, "axis", NULL},
    REAL(Gelu, 20, "approximate"),
    {"Gemm", OxOpGemm, 2, 3, 1, 1, OX_HEAVY, "alpha beta transA transB broadcast", NULL},
    {"GlobalAveragePool", OxOpGlobalAveragePool, 1, 1, 1, 1, OX_LIGHT, "", NULL},
    {"GlobalMaxPool", OxOpGlobalMaxPool, 1, 1, 1, 1, OX_LIGHT, "", NULL},
    {"Greater", OxOpGreater, 2, 2, 1, 1, OX_LIGHT, "axis broadcast", NULL},
    {"GroupNormalization", OxOpGroupNormalization, 3, 3, 1, 18, OX_LIGHT,
     "epsilon num_groups stash_type", NULL},
    REAL(HardSigmoid, 6, "alpha beta"),
    REAL(HardSwish, 14, ""),
    {"Identity", OxOpIdentity, 1, 1, 1, 1, OX_LIGHT, "", NULL},
    {"InstanceNormalization", OxOpInstanceNormalization, 3, 3, 1, 6, OX_LIGHT, "epsilon", NULL},
    {"LayerNormalization", OxOpLayerNormalization, 2, 3, 3, 17, OX_LIGHT, "axis epsilon stash_type",
     NULL},
    REAL(LeakyRelu, 6, "alpha"),
    {"Less", OxOpLess, 2, 2, 1, 1, OX_LIGHT, "axis broadcast", NULL},
    REAL(Log, 6, ""),
    {"MatMul", OxOpMatMul, 2, 2, 1, 1, OX_HEAVY, "", NULL},
    {"Max", OxOpMax, 1, ANY, 1, 6, OX_LIGHT, "", NULL},
    {"MaxPool", OxOpMaxPool, 1, 1, 2, 1, OX_HEAVY,
     "auto_pad ceil_mode dilations kernel_shape pads storage_order strides", NULL},
    {"Min", OxOpMin, 1, ANY, 1, 6, OX_LIGHT, "", NULL},
    REAL(Mish, 18, ""),
    {"Mul", OxOpMul, 2, 2, 1, 1, OX_LIGHT, "axis broadcast", NULL},
    REAL(Neg, 6, ""),
    {"PRelu", OxOpPRelu, 2, 2, 1, 6, OX_LIGHT, "", NULL},
    {"Pad", OxOpPad, 1, 4, 1, 2, OX_LIGHT, "mode pads value", NULL},
    {"Pow", OxOpPow, 2, 2, 1, 1, OX_LIGHT, "axis broadcast", NULL},
    {"ReduceMax", OxOpReduceMax, 1, 2, 1, 1, OX_LIGHT, "axes keepdims noop_with_empty_axes", NULL},
    {"ReduceMean", OxOpReduceMean, 1, 2, 1, 1, OX_LIGHT, "axes keepdims noop_with_empty_axes",
     NULL},
    {"ReduceMin", OxOpReduceMin, 1, 2, 1, 1, OX_LIGHT, "axes keepdims noop_with_empty_axes", NULL},
    {"ReduceSum", OxOpReduceSum, 1, 2, 1, 1, OX_LIGHT, "axes keepdims noop_with_empty_axes", NULL},
    REAL(Relu, 6, ""),
    {"Reshape", OxOpReshape, 2, 2, 1, 5, OX_LIGHT, "allowzero", NULL},
    {"Resize", OxOpResize, 1, 4, 1, 10, OX_HEAVY,
     "antialias axes coordinate_transformation_mode cubic_coeff_a exclude_outside "
     "extrapolation_value keep_aspect_ratio_policy mode nearest_mode",
     NULL},
    {"ScatterElements", OxOpScatterElements, 3, 3, 1, 11, OX_LIGHT, "axis reduction", NULL},
    REAL(Selu, 6, "alpha gamma"),
    {"Shape", OxOpShape, 1, 1, 1, 1, OX_SHAPE, "start end", NULL},
    REAL(Sigmoid, 6, ""),
    {"Slice", OxOpSlice, 1, 5, 1, 1, OX_LIGHT, "axes starts ends", NULL},
    {"Softmax", OxOpSoftmax, 1, 1, 1, 1, OX_LIGHT, "axis", NULL},
    REAL(Softplus, 1, ""),
    {"Split", OxOpSplit, 1, 2, ANY, 2, OX_LIGHT, "axis split num_outputs", NULL},
    REAL(Sqrt, 6, ""),
    {"Squeeze", OxOpSqueeze, 1, 2, 1, 1, OX_LIGHT, "axes", NULL},
    {"Sub", OxOpSub, 2, 2, 1, 1, OX_LIGHT, "axis broadcast", NULL},
    REAL(Tanh, 6, ""),
    {"Transpose", OxOpTranspose, 1, 1, 1, 1, OX_LIGHT, "perm", NULL},
    {"Unsqueeze", OxOpUnsqueeze, 1, 2, 1, 1, OX_LIGHT, "axes", NULL},
    {"Where", OxOpWhere, 3, 3, 1, 9, OX_LIGHT, "", NULL},
};

const OxOp *OxFindOp(const char *name)
{
  for (size_t k = 0; k < sizeof(ops) / sizeof(*ops); ++k)
    if (!strcmp(ops[k].name, name))
      return &ops[k];
  return NULL;
}

const char *EddyOnnxOperator(int k)
{
  return k >= 0 && (size_t)k < sizeof(ops) / sizeof(*ops) ? ops[k].name : NULL;
}
