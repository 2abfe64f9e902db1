/* SPDX-License-Identifier: BSD-3-Clause */
/* Description of an HDF5 file in The Well's layout for ParaView and VisIt [ClarkeMark2007]: NAME.xdmf names the datasets of NAME.hdf5 (or of the unfinished NAME.hdf5.part)
   and copies none of them.

   Fields are stored [x][y][z], z fastest; the image grids of XDMF have x fastest. All grids are therefore curvilinear ones (2DSMesh, 3DSMesh) whose
   points are given one by one in the order of the fields: those of a mapped grid are /mapped/vertices of the file, others are kept in single precision in
   NAME.xdmf.points beside it (an HDF5 file, dataset /points; equal for equal grids). 1-D cells are drawn as a strip.

   Cell averages belong to cells, with one point more per direction; values of a transform belong to the points. Vectors are vectors (2 components in 2-D), tensors of 3-D are
   tensors, those of 2-D one scalar per component. Each trajectory is a series over the times of its counted frames. */
#ifndef EDDY_XDMF_H
#define EDDY_XDMF_H
#include "eddy_base.h"

/* Both files for the HDF5 file at path; points PETSC_FALSE: the text only, when the points are there already. An earlier text is replaced at once (rename).
   Serial. Errors: EDDY_ERR_INPUT when the file is not of this layout; EDDY_ERR_IO. */
PetscErrorCode EddyXdmfWrite(const char *path, PetscBool points);
/* Path of the text for that of a file with or without .hdf5 and .part; `suffix` is appended. Errors: EDDY_ERR_INPUT when it is too long. */
PetscErrorCode EddyXdmfPath(const char *path, const char *suffix, char out[EDDY_MAX_PATH]);
/* Removes both files of an HDF5 file, if they are there. Serial. */
void EddyXdmfRemove(const char *path);
#endif
