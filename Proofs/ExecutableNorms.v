(** Norms that are claimed between two components, by one matrix that is positive semidefinite ([BlockNorm]). *)
From Coq Require Import ZArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import zify ssrZ ring.
From Certify Require Import Spec Forms AbsoluteValue Hierarchy Components BlockNorm.
From Certify Require Import ExecutableNumbers ExecutableMatrices ExecutablePositive ExecutableNetworks
  ExecutableAbsoluteValue ExecutableUniform ExecutableDense ExecutableSlopeLMI ExecutableRestriction ExecutableGauges.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(** [[A, B], [B^T, D]], m rows above and n below. *)
Definition mjoin m n A B D :=
  madd (madd (Matrix (tblock m n (entries A) [::] [::] [::]) (scale A))
             (Matrix (tblock m n [::] [::] [::] (entries D)) (scale D)))
       (Matrix (tblock m n [::] (entries B) (transpose n (entries B)) [::]) (scale B)).

(** |U^-1/2 Y V^-1/2| <= k. *)
Definition norm_shown propose m n U Y V k := psd propose (m + n) (mjoin m n (mscale k U) Y (mscale k V)).

Definition whole_metric n g := mul_left n n (numerator g) (whole_factor n (denominator g)).

Section Meaning.
Variable R : realFieldType.
Local Notation qr := (qr R).
Local Notation mx := (mx R).
Local Notation rv := (rv R).

Lemma mx_join m n A B D :
  mx (m + n) (m + n) (mjoin m n A B D) = block_mx (mx m m A) (mx m n B) (mx m n B)^T (mx n n D).
Proof.
rewrite /mjoin !mxD !mx_tblock !mx_nil !add_block_mx !addr0 !add0r -(mxT R n m); by case: A B D => [? ?] [? ?] [? ?].
Qed.

Lemma norm_shownP propose m n U Y V k : symmetric (mx m m U) -> symmetric (mx n n V) ->
  norm_shown propose m n U Y V k -> couples (mx m m U) (mx n n V) (qr k ^+ 2) (mx m n Y).
Proof.
by move=> sU sV /(@psdP _ R); rewrite mx_join !mxZ => h; rewrite expr2; apply: claimed_norm.
Qed.

Lemma whole_metricE n g : mx n n (whole_metric n g) = fx R n (numerator g) *m fx R n (denominator g).
Proof. by rewrite /whole_metric mul_leftE whole_factorE. Qed.

Lemma metric_product_symmetric n (M K A B : 'M[R]_n) : split_metric M K A B -> symmetric M -> symmetric K.
Proof.
case=> sA sB BM <- sM; have MB : M *m B = A by rewrite -sA -BM trmx_mul sB sM.
by rewrite /symmetric trmx_mul sA sB -{1}MB mulmxA BM.
Qed.

End Meaning.
