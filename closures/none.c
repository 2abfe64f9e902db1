/* SPDX-License-Identifier: BSD-3-Clause */
/* No closure: an entry of closure_list that is switched off. */
#include "closure.h"

const EddyClosureOps eddy_closure_none = {
    .name = "none",
    .summary = "no closure",
    .target = EDDY_TARGET_NONE,
};
