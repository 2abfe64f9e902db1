/* SPDX-License-Identifier: BSD-3-Clause */
/* Structure of a file in The Well's layout, made by one rank before the first frame. Afterwards
   only raw data change, so that a kill at any instant leaves a file that opens.

   Fields are /tK_fields/NAME [trajectory][frame][x][y][z] + K tensor axes; one chunk is one frame
   of one trajectory. Frames below EDDY_WELL_CHUNK_MIN bytes are stored contiguously instead: a
   chunk index would cost more than such frames, and several go to disk in one write. /provenance,
   which other readers ignore, adds what the layout has no place for: case          resolved case
   and versions (fixed-length string) frames_done   counted frames [1]: f of trajectory r is valid
   when r nframes + f < frames_done row, seed     [trajectory] row in the ensemble and its seed
     status        [trajectory] 0 not finished, 1 complete, 2 failed (its missing frames are zero)
     time          [frame] exact output times; parameters/NAME [trajectory] exact parameters
     attributes    schema, writer, lower, upper (exact box)
   Points are at lower + i dx (points of a transform), or at lower + (i + 1/2) dx when fields live in
   cells. On a mapped grid the axes count cells, (i + 1/2) / n from 0 to 1, grid_type is "mapped",
   and /mapped/vertices [x + 1][y + 1][z + 1][dim] holds the corners of the cells. */
#ifndef EDDY_WELL_LAYOUT_H
#define EDDY_WELL_LAYOUT_H
#include "writer.h"

enum { EDDY_WELL_CHUNK_MIN = 16384, EDDY_WELL_SCHEMA = 1 };

/* Creates path with everything but frames: groups, attributes, datasets (allocated, not filled),
   counter 0. Serial. Errors: EDDY_ERR_IO with the reason; EDDY_ERR_INPUT for what the layout cannot
   hold. */
PetscErrorCode EddyWellLayoutCreate(const EddyWriterPlan *plan, const char *path);
/* Whether the file at path was made for this plan, and its counted frames. Serial.
   Errors: EDDY_ERR_INPUT naming the first difference. */
PetscErrorCode EddyWellLayoutMatch(const EddyWriterPlan *plan, const char *path,
                                   PetscInt64 *frames_done);
/* Whether each frame of the field is a chunk of its own; otherwise all frames follow each other. */
PetscBool EddyWellLayoutChunked(const EddyWriterPlan *plan, const EddyBlock *field);
/* Name of a field's dataset in the file. */
void EddyWellLayoutPath(const EddyBlock *field, char path[], size_t len);
#endif
