(** Bilinear forms without square roots: expansion, Cauchy-Schwarz, Minkowski, inverses. *)
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import ring.
From Certify Require Import Spec.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(** [mxE] leaves entries of R-matrices whose type is R under different names, which [ring] takes for different
    atoms; this gives them one name. *)
Ltac entries R :=
  repeat match goal with
  | |- context [@fun_of_matrix ?T ?m ?n ?A ?i ?j] =>
    lazymatch T with
    | Num.RealField.sort R => fail
    | _ => change (@fun_of_matrix T m n A i j) with (@fun_of_matrix (Num.RealField.sort R) m n A i j)
    end
  end.

Section Forms.
Variable R : realFieldType.

Section Dot.
Variable n : nat.
Implicit Types (x y z : 'cV[R]_n) (M A B : 'M[R]_n) (d : 'rV[R]_n).

Lemma dotE x y : dot x y = (x^T *m y) 0 0.
Proof. by rewrite mxE; apply: eq_bigr => i _; rewrite mxE. Qed.

Lemma dotC x y : dot x y = dot y x.
Proof. by apply: eq_bigr => i _; rewrite mulrC. Qed.

Lemma dotDr x y z : dot x (y + z) = dot x y + dot x z.
Proof. by rewrite !dotE mulmxDr mxE. Qed.
Lemma dotNr x y : dot x (- y) = - dot x y.
Proof. by rewrite !dotE mulmxN mxE. Qed.
Lemma dotZr a x y : dot x (a *: y) = a * dot x y.
Proof. by rewrite !dotE -scalemxAr mxE. Qed.

Lemma dot_adjoint A x y : dot (A *m x) y = dot x (A^T *m y).
Proof. by rewrite !dotE trmx_mul mulmxA. Qed.

Lemma dot_diag d x y : dot x (diag_mx d *m y) = \sum_i d 0 i * (x i 0 * y i 0).
Proof. by apply: eq_bigr => i _; rewrite mul_diag_mx mxE mulrCA. Qed.

Lemma dot_ge0 x : 0 <= dot x x.
Proof. by apply: sumr_ge0 => i _; rewrite -expr2 sqr_ge0. Qed.

Lemma dot_gt0 x : x != 0 -> 0 < dot x x.
Proof.
move=> x0; rewrite lt_neqAle dot_ge0 andbT eq_sym.
apply: contraNneq x0 => /eqP; rewrite psumr_eq0; last by move=> i _; rewrite -expr2 sqr_ge0.
move/allP=> all0; apply/eqP/colP => i; rewrite mxE.
by apply/eqP; rewrite -sqrf_eq0 expr2; apply: all0; rewrite mem_index_enum.
Qed.

(** ** Expansion of x^T M y *)

Lemma bfE M x y : bf M x y = (x^T *m M *m y) 0 0.
Proof. by rewrite /bf dotE mulmxA. Qed.

Lemma bfDl M x y z : bf M (x + y) z = bf M x z + bf M y z.
Proof. by rewrite !bfE linearD /= !mulmxDl mxE. Qed.
Lemma bfDr M x y z : bf M x (y + z) = bf M x y + bf M x z.
Proof. by rewrite /bf mulmxDr dotDr. Qed.
Lemma bfNl M x y : bf M (- x) y = - bf M x y.
Proof. by rewrite !bfE linearN /= !mulNmx mxE. Qed.
Lemma bfNr M x y : bf M x (- y) = - bf M x y.
Proof. by rewrite /bf mulmxN dotNr. Qed.
Lemma bfZl M a x y : bf M (a *: x) y = a * bf M x y.
Proof. by rewrite !bfE linearZ /= -!scalemxAl mxE. Qed.
Lemma bfZr M a x y : bf M x (a *: y) = a * bf M x y.
Proof. by rewrite /bf -scalemxAr dotZr. Qed.
Lemma bf0l M x : bf M 0 x = 0.
Proof. by rewrite -(scale0r 0) bfZl mul0r. Qed.
Lemma bf0r M x : bf M x 0 = 0.
Proof. by rewrite -(scale0r 0) bfZr mul0r. Qed.

Definition bfx := (bfDl, bfDr, bfNl, bfNr, bfZl, bfZr).

Lemma bfMD M A x y : bf (M + A) x y = bf M x y + bf A x y.
Proof. by rewrite /bf mulmxDl dotDr. Qed.
Lemma bfMN M x y : bf (- M) x y = - bf M x y.
Proof. by rewrite /bf mulNmx dotNr. Qed.
Lemma bfMZ a M x y : bf (a *: M) x y = a * bf M x y.
Proof. by rewrite /bf -scalemxAl dotZr. Qed.
Lemma bf1 x y : bf 1%:M x y = dot x y.
Proof. by rewrite /bf mul1mx. Qed.
Lemma bfS a x y : bf a%:M x y = a * dot x y.
Proof. by rewrite -scalemx1 bfMZ bf1. Qed.
Lemma bfM0 x y : bf 0 x y = 0.
Proof. by rewrite -(scale0r 0) bfMZ mul0r. Qed.
Lemma bfT M x y : bf M^T x y = bf M y x.
Proof. by rewrite /bf -dot_adjoint dotC. Qed.
Lemma bf_mul M A x y : bf (M *m A) x y = bf M x (A *m y).
Proof. by rewrite /bf mulmxA. Qed.
Lemma bf_mulT M A x y : bf (A^T *m M) x y = bf M (A *m x) y.
Proof. by rewrite /bf dot_adjoint mulmxA. Qed.

Lemma bfC M x y : symmetric M -> bf M x y = bf M y x.
Proof. by move=> {1}<-; rewrite bfT. Qed.

Lemma qfZ M a x : qf M (a *: x) = a ^+ 2 * qf M x.
Proof. by rewrite /qf !bfx; ring. Qed.

Lemma qfD M x y : symmetric M -> qf M (x + y) = qf M x + 2%:R * bf M x y + qf M y.
Proof. by move=> sM; rewrite /qf !bfx (bfC y x sM); ring. Qed.

Lemma qfN M x : qf M (- x) = qf M x.
Proof. by rewrite /qf !bfx; ring. Qed.

(** ** Diagonal forms *)

Lemma diag_symmetric (d : 'rV[R]_n) : symmetric (diag_mx d).
Proof. exact: tr_diag_mx. Qed.

Lemma scalar_symmetric (a : R) : symmetric (a%:M : 'M[R]_n).
Proof. exact: tr_scalar_mx. Qed.

Lemma bf_diag d x y : bf (diag_mx d) x y = \sum_i d 0 i * (x i 0 * y i 0).
Proof. exact: dot_diag. Qed.

Lemma qf_diag d x : qf (diag_mx d) x = \sum_i d 0 i * x i 0 ^+ 2.
Proof. by rewrite /qf bf_diag; apply: eq_bigr => i _; rewrite expr2. Qed.

Lemma diag_nonneg d : (forall i, 0 <= d 0 i) -> nonneg (diag_mx d).
Proof. by move=> d0 x; rewrite qf_diag sumr_ge0 // => i _; rewrite mulr_ge0 ?sqr_ge0. Qed.

Lemma diag_posdef d : (forall i, 0 < d 0 i) -> posdef (diag_mx d).
Proof.
move=> d0; split=> [|x x0]; first exact: diag_symmetric.
have ge0 i : 0 <= d 0 i * x i 0 ^+ 2 by rewrite mulr_ge0 ?sqr_ge0 // ltW.
rewrite lt_neqAle qf_diag sumr_ge0 // andbT eq_sym.
apply: contraNneq x0 => /eqP; rewrite psumr_eq0 // => /allP all0.
apply/eqP/colP => i; rewrite mxE; apply/eqP; rewrite -sqrf_eq0.
by have := all0 i (mem_index_enum i); rewrite mulf_eq0 gt_eqF.
Qed.

(** ** Positive definite forms *)

Lemma posdef_symmetric M : posdef M -> symmetric M. Proof. by case. Qed.

Lemma posdef_nonneg M : posdef M -> nonneg M.
Proof.
case=> _ p x; case: (eqVneq x 0) => [->|x0]; first by rewrite /qf bf0r.
exact/ltW/p.
Qed.

Lemma posdef_eq0 M x : posdef M -> qf M x <= 0 -> x = 0.
Proof. by case=> _ p; apply: contraTeq => /p; rewrite ltNge. Qed.

Lemma posdef_unit M : posdef M -> M \in unitmx.
Proof.
move=> pM; rewrite -unitmx_tr -row_free_unit -kermx_eq0 -submx0; apply/rV_subP => v.
rewrite submx0 => /sub_kermxP vM; rewrite -[v]trmxK.
suff -> : v^T = 0 by rewrite trmx0.
apply: (posdef_eq0 pM); rewrite /qf /bf -{1}[M]trmxK -trmx_mul vM trmx0.
by rewrite -(scale0r 0) dotZr mul0r.
Qed.

Lemma posdef_inv M : posdef M -> posdef (invmx M).
Proof.
move=> pM; have uM := posdef_unit pM.
have sI : symmetric (invmx M) by rewrite /symmetric trmx_inv (posdef_symmetric pM).
split=> // x x0; have -> : qf (invmx M) x = qf M (invmx M *m x).
  by rewrite /qf -bf_mul mulmxV // bf1 /bf dotC.
apply: pM.2; apply: contraNneq x0 => e.
by rewrite -[x](mulKVmx uM) e mulmx0.
Qed.

Lemma invmx_diag d : (forall i, 0 < d 0 i) -> invmx (diag_mx d) = diag_mx (\row_i (d 0 i)^-1).
Proof.
move=> d0; have uD : diag_mx d \in unitmx by apply/posdef_unit/diag_posdef.
have e : diag_mx d *m diag_mx (\row_i (d 0 i)^-1) = 1%:M.
  rewrite mulmx_diag -diag_const_mx; congr diag_mx; apply/rowP => i.
  by rewrite !mxE divff // gt_eqF.
by rewrite -[RHS](mulKmx uD) e mulmx1.
Qed.

Lemma posdef_add M A : posdef M -> symmetric A -> nonneg A -> posdef (M + A).
Proof.
move=> [sM pM] sA pA; split=> [|x x0]; first by rewrite /symmetric linearD /= sM sA.
by rewrite /qf bfMD ltr_paddr // ?pA // pM.
Qed.

Lemma posdef_scale a M : 0 < a -> posdef M -> posdef (a *: M).
Proof.
move=> a0 [sM pM]; split=> [|x x0]; first by rewrite /symmetric linearZ /= sM.
by rewrite /qf bfMZ mulr_gt0 // pM.
Qed.

(** ** Cauchy-Schwarz and Minkowski *)

Lemma cauchy_schwarz M x y :
  symmetric M -> nonneg M -> bf M x y ^+ 2 <= qf M x * qf M y.
Proof.
move=> sM pM; set a := qf M x; set b := bf M x y; set c := qf M y.
have a0 : 0 <= a := pM x.
case: (ltrgt0P c) (pM y : 0 <= c) => // [c0|c0] _.
  rewrite -subr_ge0 -(pmulr_rge0 _ c0).
  have -> : c * (a * c - b ^+ 2) = qf M (c *: x - b *: y); last exact: pM.
  by rewrite /qf !bfx (bfC y x sM) -/(qf M x) -/(qf M y) -/a -/b -/c; ring.
have a1 : a + 1 != 0 by rewrite gt_eqF // ltr_spaddr // ltr01.
rewrite c0 mulr0; set t := - b / (a + 1).
have := pM (t *: x + y); rewrite qfD // qfZ bfZl -/a -/b -/c c0 addr0.
have -> : t ^+ 2 * a + 2%:R * (t * b) = b ^+ 2 * - ((a + 2%:R) / (a + 1) ^+ 2).
  by rewrite /t; field.
apply: contraTT; rewrite -!ltNge => b0; rewrite pmulr_rlt0 // oppr_lt0.
by rewrite divr_gt0 // ?exprn_gt0 // ltr_spaddr // ?ltr01 ?ltr0n.
Qed.

Lemma bf_le M x y a b q :
  symmetric M -> nonneg M -> 0 <= a -> 0 <= b -> 0 <= q ->
  qf M x <= a ^+ 2 * q -> qf M y <= b ^+ 2 * q -> bf M x y <= a * b * q.
Proof.
move=> sM pM a0 b0 q0 hx hy.
apply: (le_trans (ler_norm _)); rewrite -ler_sqr ?nnegrE ?mulr_ge0 // real_normK ?num_real //.
apply: (le_trans (cauchy_schwarz _ _ sM pM)).
have -> : (a * b * q) ^+ 2 = (a ^+ 2 * q) * (b ^+ 2 * q) by ring.
exact: ler_pmul (pM x) (pM y) hx hy.
Qed.

Lemma minkowski M x y a b q :
  symmetric M -> nonneg M -> 0 <= a -> 0 <= b -> 0 <= q ->
  qf M x <= a ^+ 2 * q -> qf M y <= b ^+ 2 * q -> qf M (x + y) <= (a + b) ^+ 2 * q.
Proof.
move=> sM pM a0 b0 q0 hx hy; rewrite qfD //.
have -> : (a + b) ^+ 2 * q = a ^+ 2 * q + 2%:R * (a * b * q) + b ^+ 2 * q by ring.
by apply: ler_add => //; apply: ler_add => //; rewrite ler_wpmul2l ?ler0n //; apply: bf_le.
Qed.

Lemma bf_le1 M x y b : symmetric M -> nonneg M -> 0 <= b ->
  qf M y <= b ^+ 2 * qf M x -> bf M x y <= b * qf M x.
Proof.
move=> sM pM b0 h; rewrite -[b]mul1r; apply: bf_le; rewrite ?ler01 //.
by rewrite expr1n mul1r.
Qed.

(** 2 x^T M y <= x^T M x + y^T M y. *)
Lemma bf_le2 M x y : symmetric M -> nonneg M -> 2%:R * bf M x y <= qf M x + qf M y.
Proof.
move=> sM pM; rewrite -subr_ge0.
have -> : qf M x + qf M y - 2%:R * bf M x y = qf M (x - y) by rewrite qfD // qfN bfNr; ring.
exact: pM.
Qed.

End Dot.

(** ** Two scalar facts *)

(** 2 |x y| <= x^2 v / u + y^2 u / v. *)
Lemma weighted_product (x y u v : R) :
  0 < u -> 0 < v -> 2%:R * (`|x| * `|y|) <= x ^+ 2 * (v / u) + y ^+ 2 * (u / v).
Proof.
move=> u0 v0; rewrite -subr_ge0.
have un0 : u != 0 by rewrite gt_eqF.
have vn0 : v != 0 by rewrite gt_eqF.
rewrite -(real_normK (num_real x)) -(real_normK (num_real y)).
have -> : `|x| ^+ 2 * (v / u) + `|y| ^+ 2 * (u / v) - 2%:R * (`|x| * `|y|)
  = (`|x| * v - `|y| * u) ^+ 2 / (u * v) by field; rewrite un0 vn0.
by rewrite divr_ge0 ?sqr_ge0 // mulr_ge0 // ltW.
Qed.

Lemma slopes_scale n (g : R) (d : 'rV[R]_n) :
  0 <= g -> slopes 0 g d -> exists2 d1, slopes 0 1 d1 & d = g *: d1.
Proof.
move=> g0 sd; case: (eqVneq g 0) => [g_0|gn0].
  exists 0 => [i|]; first by rewrite mxE lexx ler01.
  apply/rowP => i; rewrite g_0 scale0r mxE; apply/eqP.
  by have := sd i; rewrite g_0 eq_le andbC.
have gp : 0 < g by rewrite lt_neqAle eq_sym gn0.
exists (g^-1 *: d) => [i|]; last by rewrite scalerA divff // scale1r.
by have /andP[l u] := sd i; rewrite mxE mulr_ge0 ?invr_ge0 //= mulrC ler_pdivr_mulr // mul1r.
Qed.

(** ** The sector condition: with v = D y, (v - l y)^T diag(m) (g y - v) >= 0 *)

Lemma sector n (l g : R) (m d : 'rV[R]_n) y (v := diag_mx d *m y) :
  (forall i, 0 <= m 0 i) -> slopes l g d ->
  0 <= bf (diag_mx m) (v - l *: y) (g *: y - v).
Proof.
move=> m0 sd; rewrite bf_diag sumr_ge0 // => i _; rewrite /v mul_diag_mx !mxE.
have /andP[ld dg] := sd i; entries R.
have -> : m 0 i * ((d 0 i * y i 0 - l * y i 0) * (g * y i 0 - d 0 i * y i 0))
  = m 0 i * ((d 0 i - l) * (g - d 0 i)) * y i 0 ^+ 2 by ring.
by apply: mulr_ge0; [rewrite !mulr_ge0 ?subr_ge0 | apply: sqr_ge0].
Qed.

Lemma sector0 n (g : R) (m d : 'rV[R]_n) y (v := diag_mx d *m y) :
  (forall i, 0 <= m 0 i) -> slopes 0 g d -> 0 <= bf (diag_mx m) v (g *: y - v).
Proof. by move=> m0 sd; have := sector y m0 sd; rewrite scale0r subr0. Qed.

Lemma sector1 n (g : R) (d : 'rV[R]_n) y (v := diag_mx d *m y) :
  slopes 0 g d -> 0 <= dot v (g *: y - v).
Proof.
move=> sd; have := @sector0 _ g (const_mx 1) d y _ sd.
by rewrite diag_const_mx bf1; apply=> i; rewrite mxE ler01.
Qed.

(** x <= y because y - x is s, which is nonnegative: how every inequality here ends. *)
Lemma le_by (s x y : R) : y - x = s -> 0 <= s -> x <= y.
Proof. by move=> e s0; rewrite -subr_ge0 e. Qed.

End Forms.
