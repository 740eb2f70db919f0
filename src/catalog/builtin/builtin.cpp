// SPDX-License-Identifier: Apache-2.0
#include "catalog/builtin.h"

#include "catalog/read.h"

namespace posture {

Catalog builtin_catalog() { return unpack_catalog({kPackedCatalog, kPackedCatalogSize}); }

}  // namespace posture
