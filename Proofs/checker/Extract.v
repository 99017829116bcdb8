(** The checker as an OCaml program, with Zarith's integers for Coq's (Coq's own [ExtrOcamlZBigInt]). *)
From Coq Require Import Extraction ExtrOcamlBasic ExtrOcamlZBigInt.
From Certify Require Import ExecutableNumbers ExecutableMatrices ExecutableNetworks Executable ExecutableImplicit
  ExecutableTrees ExecutableSteps ExecutableSplitStep ExecutableExponential ExecutableExponentialSteps.

Extraction Language OCaml.
Extraction "kernel.ml" check check_refutation check_implicit check_tree check_euler
  check_semi_implicit check_split stepped check_exponential check_exponential_refutation check_exponential_step.
