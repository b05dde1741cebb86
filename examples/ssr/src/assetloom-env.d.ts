/// <reference path="../.assetloom/types/assets.d.ts" />
