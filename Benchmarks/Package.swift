// swift-tools-version: 6.1
// A package of its own, so that the root stays light. Run by `make benchmark`.
import PackageDescription

let package = Package(
  name: "benchmarks",
  dependencies: [.package(name: "certify", path: "..")],
  targets: [
    .executableTarget(
      name: "benchmark",
      dependencies: [
        .product(name: "CertifyKernel", package: "certify"),
        .product(name: "Checkpoints", package: "certify"),
      ])
  ],
  swiftLanguageModes: [.v6]
)
