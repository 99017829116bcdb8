(** Components as lists of units, the blocks between them, and a component as a network of its own. *)
From Coq Require Import ZArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import zify ssrZ ring.
From Certify Require Import Spec Forms AbsoluteValue Hierarchy Components BlockNorm Interconnection.
From Certify Require Import ExecutableNumbers ExecutableMatrices ExecutableNetworks.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(** Every unit in one component. *)
Definition partitions n (parts : seq (seq nat)) := sort leq (flatten parts) == iota 0 n.

Definition part_ (parts : seq (seq nat)) i := nth [::] parts i.

(** Rows us and columns vs. *)
Definition msub_ us vs (A : matrix) :=
  Matrix (map (fun i => let r := nth [::] (entries A) i in map (fun j => nth Z0 r j) vs) us) (scale A).
Definition vsub_ us (v : vector) := Vector (map (fun i => nth Z0 (coordinates v) i) us) (over v).

Definition vanishes (A : matrix) := all (all (Z.eqb Z0)) (entries A).

(** The network on the units us alone; a coupling of 0 is none. *)
Definition restrict us N :=
  let keep A := let B := msub_ us us A in if vanishes B then None else Some B in
  Network (size us) (side N) (msub_ us us (weights N)) (obind keep (coupling N))
    (if nonlinear N is Some (K, g) then (if keep K is Some B then Some (B, g) else None) else None)
    (low N) (high N) (vsub_ us (times N)) (runs N).

Section Partition.
Variables (n : nat) (k0 : 'I_n) (parts : seq (seq nat)).
Local Notation p := (size parts).

Definition size_ (i : 'I_p) := size (part_ parts i).
Definition unit_ (i : 'I_p) (a : 'I_(size_ i)) : 'I_n := insubd k0 (nth 0%N (part_ parts i) a).

Hypothesis whole : partitions n parts.

Lemma part_perm : perm_eq (flatten parts) (iota 0 n).
Proof. by rewrite -(eqP whole) perm_sym perm_sort. Qed.

Lemma unit_val (i : 'I_p) (a : 'I_(size_ i)) : unit_ a = nth 0%N (part_ parts i) a :> nat.
Proof.
rewrite /unit_ val_insubd; suff -> : (nth 0 (part_ parts i) a < n)%N by [].
have : nth 0%N (part_ parts i) a \in iota 0 n.
  rewrite -(perm_mem part_perm); apply/flattenP; exists (part_ parts i); first by apply: mem_nth.
  exact: mem_nth.
by rewrite mem_iota add0n => /andP[].
Qed.

Lemma parts_components : components unit_.
Proof.
rewrite /components; set f := unit_at unit_.
have onto (k : 'I_n) : k \in codom f.
  have : (k : nat) \in flatten parts by rewrite (perm_mem part_perm) mem_iota add0n ltn_ord.
  case/flattenP=> us us_in k_in; have ip : (index us parts < p)%N by rewrite index_mem.
  pose i := Ordinal ip; have usE : part_ parts i = us by rewrite /part_ nth_index.
  have ap : (index (k : nat) (part_ parts i) < size_ i)%N by rewrite index_mem usE.
  apply/codomP; exists (Tagged (fun i => 'I_(size_ i)) (Ordinal ap)); apply: val_inj.
  by rewrite /f /unit_at /= unit_val /= nth_index // usE.
have all_k : codom f =i predT by move=> k; rewrite onto.
have cardT : #|{: {i : 'I_p & 'I_(size_ i)}}| = n.
  rewrite card_tagged -[RHS](size_iota 0) -(perm_size part_perm) size_flatten /shape.
  rewrite !sumnE !big_map.
  rewrite -enumT big_enum /= (big_nth [::]) big_mkord.
  by apply: eq_bigr => i _; rewrite card_ord.
apply: inj_card_bij; last by rewrite cardT card_ord.
have/image_injP inj : #|image f predT| == #|{: {i : 'I_p & 'I_(size_ i)}}|.
  by rewrite (eq_card all_k) cardT card_ord.
by move=> x y; apply: inj.
Qed.

Section Blocks.
Variable R : realFieldType.
Local Notation block := (block (R := R) unit_).

Lemma mx_msub (i j : 'I_p) A : mx R (size_ i) (size_ j) (msub_ (part_ parts i) (part_ parts j) A)
  = block i j (mx R n n A).
Proof.
apply/matrixP => a b; rewrite blockE !mx_at !unit_val /=; congr (zr _ _ / _).
by rewrite /at2 (nth_map 0%N) // /at1 (nth_map 0%N).
Qed.

Lemma rv_vsub (i : 'I_p) v : rv R (size_ i) (vsub_ (part_ parts i) v) = row_piece unit_ i (rv R n v).
Proof. by apply/rowP => a; rewrite mxE !rv_at /entry /= /at1 (nth_map 0%N) // unit_val. Qed.

End Blocks.
End Partition.

Lemma vanishesP R m n A : vanishes A -> mx R m n A = 0.
Proof.
move=> /allP z; apply/matrixP => i j; rewrite mx_at mxE /at2;
  suff -> : at1 (nth [::] (entries A) i) j = Z0 by rewrite mul0r.
have [iA|Ai] := ltnP i (size (entries A)); last by rewrite (nth_default _ Ai) at1_nil.
have /allP zr := z _ (mem_nth [::] iA); rewrite /at1; set r := nth [::] _ i in zr *.
have [jr|rj] := ltnP j (size r); last by rewrite nth_default.
by have := zr _ (mem_nth Z0 jr) => /Z.eqb_eq.
Qed.

Section Restriction.
Variables (R : realFieldType) (N : network) (k0 : 'I_(units N)) (parts : seq (seq nat)).
Hypothesis whole : partitions (units N) parts.
Local Notation n := (units N).
Local Notation block := (block (R := R) (@unit_ n k0 parts)).
Let uP := parts_components k0 whole.

Lemma coupled_without l g l' g' m (W L : 'M[R]_m) A : coupled l g W L l' g' 0 A -> coupled l g W L 0 0 0 A.
Proof. by move=> [d [d' [sd _ ->]]]; exists d, 0; split; rewrite ?mul0mx // => i; rewrite mxE lexx. Qed.

Lemma W_restrict (i : 'I_(size parts)) : W_ R (restrict (part_ parts i) N) = block i i (W_ R N).
Proof. exact: mx_msub. Qed.

Lemma L_restrict (i : 'I_(size parts)) : L_ R (restrict (part_ parts i) N) = block i i (L_ R N).
Proof.
rewrite /L_ /coupled_matrix /=; case: (coupling N) => [L|] /=; last by rewrite !mx_zero /Components.block mulmx0 mul0mx.
by case: ifP => [z|_]; rewrite -mx_msub // mx_zero (vanishesP R _ _ z).
Qed.

Lemma K_restrict (i : 'I_(size parts)) : K_ R (restrict (part_ parts i) N) = block i i (K_ R N).
Proof.
rewrite /K_ /nonlinear_matrix /=; case: (nonlinear N) => [[K g]|] /=;
  last by rewrite !mx_zero /Components.block mulmx0 mul0mx.
by case: ifP => [z|_]; rewrite -mx_msub // mx_zero (vanishesP R _ _ z).
Qed.

Lemma linear_restrict (i : 'I_(size parts)) A :
  linear R N A -> linear R (restrict (part_ parts i) N) (block i i A).
Proof.
rewrite /linear /= W_restrict L_restrict K_restrict; case: (side N); last exact: restricted_inside.
move=> /(restricted_coupled uP i); rewrite /low' /high' /= -K_restrict /K_ /nonlinear_matrix /=.
case: (nonlinear N) => [[K [l' g']]|] //=; case: ifP => // _.
by rewrite mx_zero qr0; apply: coupled_without.
Qed.

Lemma pace_restrict (i : 'I_(size parts)) : pace R (restrict (part_ parts i) N)
  = row_piece (@unit_ n k0 parts) i (pace R N).
Proof. by apply/rowP => a; rewrite !mxE /tau /entry /= /at1 (nth_map 0%N) // unit_val. Qed.

Lemma step_restrict (i : 'I_(size parts)) : step R (restrict (part_ parts i) N)
  = row_piece (@unit_ n k0 parts) i (step R N).
Proof. by apply/rowP => a; rewrite !mxE /step_of /tau /entry /= /at1 (nth_map 0%N) // unit_val. Qed.

Lemma flow_restrict (i : 'I_(size parts)) A : flow R N A -> flow R (restrict (part_ parts i) N) (block i i A).
Proof.
rewrite /flow pace_restrict => FA.
exact: (restricted_paced (G := fun i => linear R (restrict (part_ parts i) N)) linear_restrict).
Qed.

Lemma run_restrict (i : 'I_(size parts)) A : run R N A -> run R (restrict (part_ parts i) N) (block i i A).
Proof.
rewrite /run step_restrict => RA.
apply: (restricted_euler (h := 1) uP _ _ RA
  (G := fun i => paced (row_piece (@unit_ n k0 parts) i (step R N)) (linear R (restrict (part_ parts i) N)))).
move=> j B; apply: (restricted_paced (G := fun i => linear R (restrict (part_ parts i) N)) linear_restrict).
Qed.

End Restriction.
