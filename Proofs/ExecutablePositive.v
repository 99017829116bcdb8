(** Positive semidefiniteness by a residual: somebody proposes c > 0 and T, and E = cA - T T^T is diagonally
    dominant. Then c x^T A x = |T^T x|^2 + x^T E x >= 0. Nothing is asked of the proposer.
    Diagonal dominance: Gershgorin (1931), here without eigenvalues. *)
From Coq Require Import ZArith.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import zify ssrZ ring.
From Certify Require Import Spec Forms ExecutableNumbers ExecutableMatrices.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(** What is proposed for an integer matrix. *)
Definition proposer := table -> positive * table.

(** 4 E_ii - sum_j |E_ij| - sum_j |E_ji| >= k for i < n. *)
Definition dominated n k (E : table) :=
  let sums B := map (fun r => sumz Z0 n (map Z.abs r)) B in
  let rows := sums E in let columns := sums (transpose n E) in
  all (fun i => Z.leb k (Z.sub (Z.mul (Zpos 4) (at2 E i i)) (Z.add (at1 rows i) (at1 columns i))))
    (iota 0 n).

Definition residual n (c : positive) (T A : table) : table :=
  tadd (tmap (Z.mul (Zpos c)) A) (tmap Z.opp (tmulT n T T)).

Section Positive.
Variable propose : proposer.

Definition above n k (A : table) := let '(c, T) := propose A in dominated n k (residual n c T A).

Definition psd n (A : matrix) := above n Z0 (entries A).
Definition pd n (A : matrix) := symmetrical n A && above n (Zpos 1) (entries A).

Section Meaning.
Variable R : realFieldType.
Local Notation zr := (zr R).
Local Notation mx := (mx R).

Lemma gershgorin n (E : 'M[R]_n) (x : 'cV_n) :
  \sum_i (4%:R * E i i - (\sum_j `|E i j| + \sum_j `|E j i|)) * x i 0 ^+ 2 <= 2%:R * qf E x.
Proof.
pose part i j : R := (if i == j then 4%:R * E i i * x i 0 ^+ 2 else 0) - `|E i j| * (x i 0 ^+ 2 + x j 0 ^+ 2).
have -> : 2%:R * qf E x = \sum_i \sum_j 2%:R * (E i j * (x i 0 * x j 0)).
  rewrite /qf /bf mulr_sumr; apply: eq_bigr => i _; rewrite mxE mulr_sumr mulr_sumr.
  by apply: eq_bigr => j _; entries R; ring.
apply: (@le_trans _ _ (\sum_i \sum_j part i j)); last first.
  apply: ler_sum => i _; apply: ler_sum => j _; rewrite /part; case: eqP => [->|_].
    apply: (le_by (s := 2%:R * (`|E j j| - E j j) * x j 0 ^+ 2)); first by ring.
    by apply: mulr_ge0 (sqr_ge0 _); apply: mulr_ge0; rewrite ?ler0n // subr_ge0 ler_norm.
  rewrite sub0r ler_oppl; apply: (le_trans (ler_norm _)).
  rewrite normrN !normrM normr_nat mulrCA ler_wpmul2l //.
  have := weighted_product (x i 0) (x j 0) ltr01 ltr01; rewrite divr1 !mulr1; exact.
pose sq i : R := x i 0 ^+ 2.
have -> : \sum_i \sum_j part i j = \sum_i \sum_j (if i == j then 4%:R * E i i * sq i else 0)
    - (\sum_i \sum_j `|E i j| * sq i + \sum_i \sum_j `|E i j| * sq j).
  rewrite -big_split -sumrB; apply: eq_bigr => i _; rewrite -big_split -sumrB /=.
  by apply: eq_bigr => j _; rewrite /part mulrDr.
rewrite [X in _ - (_ + X)]exchange_big -big_split -sumrB /=; apply: ler_sum => i _.
have -> : \sum_j (if i == j then 4%:R * E i i * sq i else 0) = 4%:R * E i i * sq i.
  by rewrite -big_mkcond /= (big_pred1 i) // => j; rewrite /= eq_sym.
rewrite -!mulr_suml; apply: (le_by (s := 0)) => //; rewrite /sq.
by move: (\sum_j _) (\sum_j _) => a b; entries R; ring.
Qed.

Lemma at1_sums n (B : table) i : zr (at1 (map (fun r => sumz Z0 n (map Z.abs r)) B) i)
  = \sum_(j < n) `|zr (at2 B i j)|.
Proof.
have zero k : sumz Z0 k [::] = Z0 by case: k.
rewrite /at2; elim: B i => [|r B IH] [|i] /=; rewrite ?at1_nil; try exact: IH;
  try by rewrite big1 // => j _; rewrite at1_nil normr0.
by rewrite zr_sum add0r; apply: eq_bigr => j _; rewrite at1_map // zr_abs.
Qed.

Lemma dominated_form n k E (x : 'cV[R]_n) (E' := mx n n (Matrix E 1)) :
  dominated n k E -> zr k * dot x x <= 2%:R * qf E' x.
Proof.
move=> /allP dom; apply: le_trans (gershgorin E' x); rewrite mulr_sumr; apply: ler_sum => i _.
rewrite -expr2; apply: ler_wpmul2r; first exact: sqr_ge0.
have := dom i; rewrite mem_iota add0n ltn_ord -(zr_le R) zrD zrN zrD zrM !at1_sums => /(_ isT).
move=> h; apply: (le_trans h); rewrite le_eqVlt; apply/orP; left; apply/eqP.
congr (_ * _ - (_ + _)); rewrite ?mx_at /= ?divr1 //.
  by apply: eq_bigr => j _; rewrite mx_at divr1.
by apply: eq_bigr => j _; rewrite mx_at at2_transpose ltn_ord divr1.
Qed.

Lemma above_form n k A (x : 'cV[R]_n) : above n k A -> exists2 c : R, 0 < c &
  zr k * dot x x <= c * qf (mx n n (Matrix A 1)) x.
Proof.
rewrite /above; case: (propose A) => c T dom; exists (2%:R * zr (Zpos c)).
  by apply: mulr_gt0; [rewrite ltr0n | apply: zr_pos].
have := dominated_form x dom; set E := mx n n _ => h.
pose T' := mx n n (Matrix T 1).
have e : E = zr (Zpos c) *: mx n n (Matrix A 1) - T' *m T'^T.
  apply/matrixP => i j; rewrite !(mxE, mx_at) /= at2_add !at2_map ?Z.mul_0_r // zrD zrM zrN at2_mulT.
  rewrite !divr1; congr (_ - _); apply: eq_bigr => l _; by rewrite !(mxE, mx_at) !divr1.
have square : 0 <= qf (T' *m T'^T) x.
  by rewrite /qf /bf -mulmxA -[X in X *m (_ *m _)]trmxK -dot_adjoint dot_ge0.
apply: (le_trans h); rewrite e /qf bfMD bfMN bfMZ -!/(qf _ _).
by rewrite -mulrA ler_wpmul2l ?ler0n // ger_addl oppr_le0.
Qed.

Lemma mx_over n A : mx n n A = (zr (Zpos (scale A)))^-1 *: mx n n (Matrix (entries A) 1).
Proof. by apply/matrixP => i j; rewrite !(mxE, mx_at) divr1 mulrC. Qed.

Lemma form_over n A (x : 'cV[R]_n) :
  qf (mx n n A) x = (zr (Zpos (scale A)))^-1 * qf (mx n n (Matrix (entries A) 1)) x.
Proof. by rewrite mx_over /qf bfMZ. Qed.

Theorem psdP n A : psd n A -> nonneg (mx n n A).
Proof.
move=> /above_form h x; have [c c0] := h x; rewrite mul0r => hx.
by rewrite form_over mulr_ge0 ?invr_ge0 ?(ltW (zr_pos _ _)) // -(pmulr_rge0 _ c0).
Qed.

Theorem pdP n A : pd n A -> posdef (mx n n A).
Proof.
case/andP=> sA /above_form h; split=> [|x x0]; first exact: symmetricalP.
have [c c0 hx] := h x; rewrite form_over pmulr_rgt0 ?invr_gt0 ?zr_pos // -(pmulr_rgt0 _ c0).
by apply: lt_le_trans hx; rewrite mul1r dot_gt0.
Qed.

End Meaning.
End Positive.
