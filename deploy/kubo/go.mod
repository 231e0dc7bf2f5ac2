// Pins the Kubo that tests run against, with the checksums of everything it is built from.
module chartkey/kubo

go 1.26.5

require github.com/ipfs/kubo v0.43.0
