// swift-tools-version: 6.1
// Layout and arrows: an arrow points at what is imported, and none runs back.
//   CertifyKernel <- Certify <- Dynamics <- Train <- certify-cli ;  Checkpoints <- Certify ;  Tasks <- Train ;
//   Certify <- Gate <- Report <- certify-cli ;  Certify <- CertifyLibrary ;  Markup (text for XML, SVG, HTML) <- all that print.
import PackageDescription

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("ExistentialAny"),
]

let package = Package(
  name: "certify",
  products: [
    .executable(name: "certify", targets: ["certify-cli"]),
    .library(name: "CertifyKernel", targets: ["CertifyKernel"]),
    .library(name: "Checkpoints", targets: ["Checkpoints"]),
    .library(name: "Certify", targets: ["Certify"]),
    .library(name: "Dynamics", targets: ["Dynamics"]),
    .library(name: "Train", targets: ["Train"]),
    .library(name: "certify-c", type: .dynamic, targets: ["CertifyLibrary"]),
  ],
  traits: [
    .default(enabledTraits: ["GLPK"]),
    .trait(
      name: "GLPK",
      description: "Propose diagonal metrics by linear programming with GLPK (GPL-3+)."),
    .trait(name: "MPI", description: "Share training batches between processes (mpirun)."),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
    .package(url: "https://github.com/attaswift/BigInt", from: "6.0.1"),
  ],
  targets: [
    .systemLibrary(
      name: "CLAPACK", pkgConfig: "lapacke openblas",
      providers: [.apt(["liblapacke-dev", "libopenblas-dev"])]),
    .systemLibrary(name: "CGLPK", providers: [.apt(["libglpk-dev"])]),
    .systemLibrary(
      name: "CMPI", pkgConfig: "mpi-c", providers: [.apt(["libopenmpi-dev"])]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "CertifyKernel", swiftSettings: strict),
    .target(name: "Markup", swiftSettings: strict),
    .target(name: "Checkpoints", dependencies: ["CZlib"], swiftSettings: strict),
    .target(
      name: "Certify",
      dependencies: [
        "CertifyKernel", "Checkpoints", "CLAPACK", "Markup",
        .target(name: "CGLPK", condition: .when(traits: ["GLPK"])),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "TOMLKit", package: "TOMLKit"),
      ],
      swiftSettings: strict),
    .target(
      name: "Gate",
      dependencies: [
        "CertifyKernel", "Checkpoints", "Certify", "Markup",
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      swiftSettings: strict),
    .target(
      name: "Report",
      dependencies: ["CertifyKernel", "Checkpoints", "Certify", "CZlib", "Gate", "Markup"],
      swiftSettings: strict),
    // A library for C and what calls C; its header is certify.h.
    .target(
      name: "CertifyLibrary", dependencies: ["CertifyKernel", "Checkpoints", "Certify", "Markup"],
      exclude: ["certify.h", "exports.map"], swiftSettings: strict),
    .target(name: "CRecurrent"),
    .target(name: "Tasks", dependencies: ["CZlib", "Markup"], swiftSettings: strict),
    .target(
      name: "Dynamics",
      dependencies: ["CertifyKernel", "Checkpoints", "Certify", "CLAPACK", "CRecurrent"],
      swiftSettings: strict),
    .target(
      name: "Train",
      dependencies: [
        "CertifyKernel", "Checkpoints", "Certify", "Dynamics", "Markup", "Tasks",
        .target(name: "CMPI", condition: .when(traits: ["MPI"])),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "certify-cli",
      dependencies: [
        "Certify", "Dynamics", "Gate", "Markup", "Report", "Tasks", "Train",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    .target(
      name: "TestSupport",
      dependencies: ["CertifyKernel", .product(name: "BigInt", package: "BigInt")],
      path: "Tests/TestSupport", swiftSettings: strict),
    // The campaign of `make honesty`: the search and the kernel against the exact oracle.
    .executableTarget(
      name: "honesty", dependencies: ["Certify", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "KernelTests", dependencies: ["CertifyKernel", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "CheckpointsTests", dependencies: ["Checkpoints", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "CertifyTests", dependencies: ["Certify", "TestSupport", "honesty"],
      swiftSettings: strict),
    .testTarget(
      name: "GateTests", dependencies: ["Gate", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "ReportTests", dependencies: ["Report", "CZlib", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "DynamicsTests", dependencies: ["Dynamics", "TestSupport"], swiftSettings: strict),
    .testTarget(name: "TasksTests", dependencies: ["Tasks", "Markup"], swiftSettings: strict),
    .testTarget(
      name: "TrainTests", dependencies: ["Train", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "CLITests", dependencies: ["Certify", "TestSupport", "certify-cli"],
      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
