(** The checker as an OCaml program, with Zarith's integers for Coq's (Coq's own [ExtrOcamlZBigInt]). *)
From Coq Require Import Extraction ExtrOcamlBasic ExtrOcamlZBigInt.
From Certify Require Import ExecutableNumbers ExecutableMatrices ExecutableNetworks Executable ExecutableImplicit
  ExecutableTrees ExecutableSteps ExecutableSplitStep.

Extraction Language OCaml.
Extraction "kernel.ml" check check_refutation check_implicit check_tree check_euler
  check_semi_implicit check_split.
